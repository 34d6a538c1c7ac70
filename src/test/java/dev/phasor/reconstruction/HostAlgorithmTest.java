package dev.phasor.reconstruction;

class HostAlgorithmTest extends AlgorithmContract {

    private static final Kernels KERNELS = Kernels.best();

    @Override
    protected Kernels kernels() {
        return KERNELS;
    }
}
