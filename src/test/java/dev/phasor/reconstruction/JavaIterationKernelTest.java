package dev.phasor.reconstruction;

import dev.phasor.phase.PhaseKernels;

class JavaIterationKernelTest extends IterationKernelContract {

    @Override
    IterationKernel kernel() {
        return new JavaIterationKernel(PhaseKernels.java());
    }
}
