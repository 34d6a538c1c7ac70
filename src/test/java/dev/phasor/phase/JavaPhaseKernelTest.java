package dev.phasor.phase;

class JavaPhaseKernelTest extends PhaseKernelTest {

    @Override
    public PhaseKernel kernel() {
        return new JavaPhaseKernel();
    }
}
