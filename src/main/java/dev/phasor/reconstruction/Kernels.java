package dev.phasor.reconstruction;

import dev.phasor.phase.PhaseKernel;
import dev.phasor.phase.PhaseKernels;
import dev.phasor.signal.VectorModule;
import dev.phasor.stft.FftKernel;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;

/**
 * The kernels of all computations, chosen once and passed on. The service's root package chooses them, with the phase
 * kernel of its settings. A program that embeds the engine uses {@link #best}.
 *
 * @param phase computes angles and their gradients on whole planes
 * @param iteration runs the inner loops of reconstructions on tiles
 * @param transform computes Fourier transforms of frames
 * @param accelerator iterates on whole items, where there is one; the kernels are for what it leaves
 */
public record Kernels(PhaseKernel phase, IterationKernel iteration, FftKernel transform, Accelerator accelerator) {

    /** Kernels of the host alone. */
    Kernels(PhaseKernel phase, IterationKernel iteration, FftKernel transform) {
        this(phase, iteration, transform, Accelerator.NONE);
    }

    /** These kernels beside an accelerator. */
    public Kernels beside(Accelerator other) {
        return new Kernels(phase, iteration, transform, other);
    }

    /** The fastest kernels for this machine's processor. */
    public static Kernels best() {
        return with(PhaseKernels.host());
    }

    /** Kernels in plain Java and JTransforms, which run everywhere. */
    public static Kernels java() {
        return new Kernels(PhaseKernels.java(), new JavaIterationKernel(PhaseKernels.java()), FftKernel.JTRANSFORMS);
    }

    /** The kernels of {@link #best} with another phase kernel. */
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
