package dev.phasor.device;

import dev.phasor.reconstruction.Accelerator;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.Initialization;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.PhaseReconstructor;
import dev.phasor.reconstruction.Progress;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.StftParameters;
import java.util.SplittableRandom;

/**
 * Measures from how much work on a device is faster than the host. A device's time is taken as a + b work, the host's
 * as c work: each runs Griffin-Lim on noise of two lengths, the best of three times, and a = c work - b work there.
 */
final class Calibration {

    private static final StftParameters STFT = StftParameters.hann(1024, 256);
    private static final int FEW_FRAMES = 16;
    private static final int MANY_FRAMES = 512;
    private static final int ITERATIONS = 16;
    private static final int TIMES = 3;

    private Calibration() {}

    /** The least work that is worth the device; infinite where it is never faster. */
    static double leastWork(Accelerator device, Kernels host) {
        Kernels beside = host.beside(device);
        double few = seconds(beside, FEW_FRAMES);
        double many = seconds(beside, MANY_FRAMES);
        double perFrame = Math.max(0, (many - few) / (MANY_FRAMES - FEW_FRAMES));
        double fixed = Math.max(0, few - perFrame * FEW_FRAMES);
        double hostPerFrame = seconds(host, MANY_FRAMES) / MANY_FRAMES;
        if (hostPerFrame <= perFrame) {
            return Double.POSITIVE_INFINITY;
        }
        return fixed / (hostPerFrame - perFrame) * STFT.fftSize() * ITERATIONS;
    }

    private static double seconds(Kernels kernels, int frames) {
        MagnitudeSpectrogram noise = noise(frames);
        ReconstructionParameters parameters =
                ReconstructionParameters.of(STFT).withIterations(ITERATIONS).withInit(Initialization.RANDOM);
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < TIMES; i++) {
            long start = System.nanoTime();
            PhaseReconstructor.of(Algorithm.GRIFFINLIM, kernels).reconstruct(noise, parameters, Progress.NONE);
            best = Math.min(best, (System.nanoTime() - start) / 1e9);
        }
        return best;
    }

    private static MagnitudeSpectrogram noise(int frames) {
        SplittableRandom random = new SplittableRandom(1);
        SpectrogramShape shape = new SpectrogramShape(Shape.SCALAR, STFT.bins(), frames);
        float[][] planes = shape.newPlanes();
        for (int i = 0; i < planes[0].length; i++) {
            planes[0][i] = (float) random.nextDouble();
        }
        return new MagnitudeSpectrogram(shape, planes);
    }
}
