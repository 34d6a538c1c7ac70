package dev.phasor.reconstruction;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.MagnitudeSpectrogram;

/** Reconstructs audio from magnitudes. Thread-safe. */
public interface PhaseReconstructor {

    /**
     * Reconstructs every item.
     *
     * @param magnitude finite, linear in amplitude (power 1), any number of items
     * @throws InvalidInputException {@code SHAPE_MISMATCH} if the bins are not n_fft/2 + 1 or a given phase has another
     *     shape; {@code NOLA} if window and hop cannot be inverted
     */
    Reconstruction reconstruct(MagnitudeSpectrogram magnitude, ReconstructionParameters parameters, Progress progress);

    /** A reconstructor for an algorithm, with the fastest kernels for this machine's processor. */
    static PhaseReconstructor of(Algorithm algorithm) {
        return of(algorithm, Kernels.best());
    }

    static PhaseReconstructor of(Algorithm algorithm, Kernels kernels) {
        ItemwiseReconstructor host = new ItemwiseReconstructor(algorithm, kernels);
        Accelerator accelerator = kernels.accelerator();
        return accelerator.exists() ? new AcceleratedReconstructor(accelerator, host) : host;
    }
}
