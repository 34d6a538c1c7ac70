package dev.phasor.reconstruction;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.MagnitudeSpectrogram;

/** Sound from magnitudes alone. Thread-safe. */
public interface PhaseReconstructor {

    /**
     * @param magnitude finite, linear in amplitude (power 1), any number of items
     * @throws InvalidInputException {@code SHAPE_MISMATCH} where the bins are not n_fft/2 + 1 or a given phase has
     *     another shape; {@code NOLA} where window and hop cannot be inverted
     */
    Reconstruction reconstruct(MagnitudeSpectrogram magnitude, ReconstructionParameters parameters, Progress progress);

    /** The reconstructor that runs this algorithm, by the fastest kernels of this machine's processor. */
    static PhaseReconstructor of(Algorithm algorithm) {
        return of(algorithm, Kernels.best());
    }

    static PhaseReconstructor of(Algorithm algorithm, Kernels kernels) {
        return new ItemwiseReconstructor(algorithm, kernels);
    }
}
