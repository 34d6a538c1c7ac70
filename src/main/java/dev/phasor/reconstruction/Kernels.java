package dev.phasor.reconstruction;

import dev.phasor.phase.PhaseKernel;
import dev.phasor.phase.PhaseKernels;
import dev.phasor.signal.VectorModule;
import dev.phasor.stft.FftKernel;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;

/**
 * What computes: chosen once, and handed to all who compute. The service's root makes this choice, with the phase
 * kernel that its settings name; a program that embeds the engine takes {@link #best}.
 *
 * @param phase angles and their gradients, of whole planes
 * @param iteration the inner loops of reconstructions, of tiles
 * @param transform Fourier transforms of frames
 */
public record Kernels(PhaseKernel phase, IterationKernel iteration, FftKernel transform) {

    /** The fastest of this machine's processor. */
    public static Kernels best() {
        return with(PhaseKernels.host());
    }

    /** Plain Java and JTransforms, which run everywhere. */
    public static Kernels java() {
        return new Kernels(PhaseKernels.java(), new JavaIterationKernel(PhaseKernels.java()), FftKernel.JTRANSFORMS);
    }

    /** {@link #best}, with this phase kernel. */
    public static Kernels with(PhaseKernel phase) {
        IterationKernel iteration = VectorModule.isPresent()
                ? new VectorIterationKernel(PhaseKernels.host())
                : new JavaIterationKernel(PhaseKernels.host());
        return new Kernels(phase, iteration, FftKernel.best());
    }

    public Stft stft(StftParameters parameters) {
        return new Stft(parameters, transform);
    }
}
