package dev.phasor.reconstruction;

class VectorIterationKernelTest extends IterationKernelContract {

    @Override
    IterationKernel kernel() {
        return new VectorIterationKernel();
    }
}
