package dev.phasor.reconstruction;

class JavaIterationKernelTest extends IterationKernelContract {

    @Override
    IterationKernel kernel() {
        return new JavaIterationKernel();
    }
}
