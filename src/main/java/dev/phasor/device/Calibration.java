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
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.PlaneOrder;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.Arrays;
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
            AcceleratedMap few = map(kind, 1, FEW_FRAMES, host);
            AcceleratedMap many = map(kind, 1, FRAMES_OF_MAP, host);
            // What its memory never holds is not measured: it is refused whenever it comes.
            if (device.refusal(many).isEmpty()) {
                double frames = leastFrames(
                        seconds(() -> device.compute(few)),
                        seconds(() -> device.compute(many)),
                        FRAMES_OF_MAP,
                        seconds(many::onHost) / FRAMES_OF_MAP);
                least.put(kind, frames * STFT.bins());
            }
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

    /** A map of noise, by n_fft 1024 and hop 256 where it has a transform. */
    static AcceleratedMap map(Kind kind, int items, int frames, Kernels host) {
        SpectrogramShape shape = new SpectrogramShape(Shape.of(items), STFT.bins(), frames);
        Stft stft = host.stft(STFT);
        return switch (kind) {
            case STFT -> new Forward(stft, audio(items, frames), rows(shape));
            case ISTFT ->
                new Inverse(
                        stft,
                        host.iteration(),
                        rows(shape),
                        new float[items][STFT.defaultLength(frames)],
                        new Inconsistency[items]);
            case PHASE ->
                new Angle(host.phase(), rows(shape), new float[shape.shape().count()]);
            case PHASE_VJP ->
                new AngleVjp(new PhasePullback(
                        host.phase(),
                        rows(shape),
                        new RealSpectrogram(shape, shape.newPlanes()),
                        GradientPolicy.CLAMPED,
                        new double[items],
                        rows(shape),
                        new long[items]));
        };
    }

    private static AudioSignal audio(int items, int frames) {
        float[][] samples = new float[items][];
        Arrays.setAll(samples, item -> noise(STFT.defaultLength(frames)));
        return new AudioSignal(Shape.of(items), samples, AudioSignal.UNKNOWN_RATE);
    }

    private static ComplexRows rows(SpectrogramShape shape) {
        int count = shape.shape().count();
        return ComplexRows.of(shape, PlaneOrder.BINS_FIRST, noise(count), noise(count));
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
