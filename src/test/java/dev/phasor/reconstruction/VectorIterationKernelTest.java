package dev.phasor.reconstruction;

import dev.phasor.phase.PhaseKernels;

class VectorIterationKernelTest extends IterationKernelContract {

    @Override
    IterationKernel kernel() {
        return new VectorIterationKernel(PhaseKernels.host());
    }
}
