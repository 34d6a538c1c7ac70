package dev.phasor.phase;

class VectorPhaseKernelTest extends PhaseKernelTest {

    @Override
    public PhaseKernel kernel() {
        return new VectorPhaseKernel();
    }
}
