package dev.phasor.device;

import dev.phasor.phase.GradientPolicy;
import dev.phasor.phase.PhasePullback;
import dev.phasor.reconstruction.AcceleratedMap;
import dev.phasor.reconstruction.AcceleratedMap.Angle;
import dev.phasor.reconstruction.AcceleratedMap.AngleVjp;
import dev.phasor.reconstruction.AcceleratedMap.Forward;
import dev.phasor.reconstruction.AcceleratedMap.Inverse;
import dev.phasor.reconstruction.AcceleratedMap.Kind;
import dev.phasor.reconstruction.Accelerator;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.Initialization;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.PhaseReconstructor;
import dev.phasor.reconstruction.Progress;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.reconstruction.SpectrogramInverse.Inconsistency;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexRows;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.PlaneOrder;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Measures from how much work on a device is faster than the host. A device's time is taken as a + b work, the host's
 * as c work: each computes noise of two lengths, the best of several times, and a = c work - b work there.
 * Reconstructions are measured by Griffin-Lim, maps in one pass each by itself, with the way to the device and back.
 */
final class Calibration {

    private static final StftParameters STFT = StftParameters.hann(1024, 256);
    private static final int FEW_FRAMES = 16;
    private static final int MANY_FRAMES = 512;
    private static final int ITERATIONS = 16;

    /** Frames of a map: two million values. */
    private static final int FRAMES_OF_MAP = 4096;

    private static final int TIMES = 3;

    /** The host's code is compiled while it runs first. */
    private static final double LEAST_SECONDS = 0.1;

    private Calibration() {}

    static LeastWork leastWork(Accelerator device, Kernels host) {
        Kernels beside = host.beside(device);
        double hostPerFrame = seconds(griffinLim(host, MANY_FRAMES)) / MANY_FRAMES;
        double iterated = leastFrames(
                        seconds(griffinLim(beside, FEW_FRAMES)),
                        seconds(griffinLim(beside, MANY_FRAMES)),
                        MANY_FRAMES,
                        hostPerFrame)
                * STFT.fftSize()
                * ITERATIONS;
        return new LeastWork(iterated, onePass(device, host));
    }

    /** Of each map in one pass. */
    static Map<Kind, Double> onePass(Accelerator device, Kernels host) {
        Map<Kind, Double> least = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            AcceleratedMap few = map(kind, FEW_FRAMES, host);
            AcceleratedMap many = map(kind, FRAMES_OF_MAP, host);
            double frames = leastFrames(
                    seconds(() -> device.compute(few)),
                    seconds(() -> device.compute(many)),
                    FRAMES_OF_MAP,
                    seconds(many::onHost) / FRAMES_OF_MAP);
            least.put(kind, frames * STFT.bins());
        }
        return least;
    }

    private static double leastFrames(double few, double many, int manyFrames, double hostPerFrame) {
        double perFrame = Math.max(0, (many - few) / (manyFrames - FEW_FRAMES));
        double fixed = Math.max(0, few - perFrame * FEW_FRAMES);
        return hostPerFrame <= perFrame ? Double.POSITIVE_INFINITY : fixed / (hostPerFrame - perFrame);
    }

    private static double seconds(Runnable work) {
        double best = Double.POSITIVE_INFINITY;
        double all = 0;
        for (int i = 0; i < TIMES || all < LEAST_SECONDS; i++) {
            long start = System.nanoTime();
            work.run();
            double took = (System.nanoTime() - start) / 1e9;
            best = Math.min(best, took);
            all += took;
        }
        return best;
    }

    private static Runnable griffinLim(Kernels kernels, int frames) {
        SpectrogramShape shape = new SpectrogramShape(Shape.SCALAR, STFT.bins(), frames);
        MagnitudeSpectrogram noise = new MagnitudeSpectrogram(shape, new float[][] {noise(shape.planeSize())});
        ReconstructionParameters parameters =
                ReconstructionParameters.of(STFT).withIterations(ITERATIONS).withInit(Initialization.RANDOM);
        return () -> PhaseReconstructor.of(Algorithm.GRIFFINLIM, kernels).reconstruct(noise, parameters, Progress.NONE);
    }

    /** A map of noise of one item. */
    static AcceleratedMap map(Kind kind, int frames, Kernels host) {
        Stft stft = host.stft(STFT);
        float[] samples = noise(STFT.defaultLength(frames));
        SpectrogramShape shape = new SpectrogramShape(Shape.SCALAR, STFT.bins(), frames);
        float[] re = noise(shape.planeSize());
        float[] im = noise(shape.planeSize());
        ComplexRows rows = ComplexRows.of(shape, PlaneOrder.BINS_FIRST, re, im);
        ComplexSpectrogram z = new ComplexSpectrogram(shape, new float[][] {re}, new float[][] {im});
        float[][] out = {new float[shape.planeSize()], new float[shape.planeSize()]};
        return switch (kind) {
            case STFT -> new Forward(stft, AudioSignal.mono(samples, AudioSignal.UNKNOWN_RATE), rows);
            case ISTFT -> new Inverse(stft, host.iteration(), rows, new float[][] {samples}, new Inconsistency[1]);
            case PHASE -> new Angle(host.phase(), z, new float[][] {out[0]});
            case PHASE_VJP ->
                new AngleVjp(new PhasePullback(
                        host.phase(),
                        z,
                        new RealSpectrogram(shape, new float[][] {noise(shape.planeSize())}),
                        GradientPolicy.CLAMPED,
                        new double[] {1e-6},
                        new float[][] {out[0]},
                        new float[][] {out[1]},
                        new long[1]));
        };
    }

    private static float[] noise(int length) {
        SplittableRandom random = new SplittableRandom(1);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextDouble();
        }
        return values;
    }
}
