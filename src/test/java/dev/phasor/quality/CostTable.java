package dev.phasor.quality;

import dev.phasor.LiveHeap;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.PhaseReconstructor;
import dev.phasor.reconstruction.Progress;
import dev.phasor.reconstruction.Reconstruction;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.stft.StftParameters;
import java.util.Random;

/**
 * What reconstruction costs: {@code benchmarks/cost} runs it. {@code time ALGORITHM SECONDS RUNS} prints the
 * milliseconds of each run on magnitudes of noise that fades in and out, at 22.05 kHz, S1, 32 iterations; {@code memory
 * ALGORITHM SECONDS} the peak of what is in use of the heap beyond the magnitudes, in planes of the spectrogram.
 */
final class CostTable {

    private static final int RATE = 22050;
    private static final int WARM_UP_MILLISECONDS = 12_000;

    private CostTable() {}

    public static void main(String[] arguments) throws InterruptedException {
        Algorithm algorithm = Algorithm.parse(arguments[1]);
        int seconds = Integer.parseInt(arguments[2]);
        if (arguments[0].equals("time")) {
            time(algorithm, seconds, Integer.parseInt(arguments[3]));
        } else {
            memory(algorithm, seconds);
        }
    }

    private static void time(Algorithm algorithm, int seconds, int runs) {
        MagnitudeSpectrogram warmUp = magnitude(10);
        for (long end = System.nanoTime() + WARM_UP_MILLISECONDS * 1_000_000L; System.nanoTime() < end; ) {
            run(algorithm, warmUp);
        }
        MagnitudeSpectrogram magnitude = magnitude(seconds);
        for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            run(algorithm, magnitude);
            System.out.printf("%.1f%n", (System.nanoTime() - start) / 1e6);
        }
    }

    private static void memory(Algorithm algorithm, int seconds) throws InterruptedException {
        MagnitudeSpectrogram magnitude = magnitude(seconds);
        run(algorithm, magnitude(1));
        long held = LiveHeap.heldBy(() -> run(algorithm, magnitude));
        double plane = (double) Float.BYTES * magnitude.shape().planeSize();
        System.out.printf("%.1f%n", held / plane);
    }

    private static Reconstruction run(Algorithm algorithm, MagnitudeSpectrogram magnitude) {
        ReconstructionParameters parameters = ReconstructionParameters.of(StftParameters.hann(1024, 256))
                .withIterations(32)
                .withSampleRate(RATE);
        return PhaseReconstructor.of(algorithm).reconstruct(magnitude, parameters, Progress.NONE);
    }

    private static MagnitudeSpectrogram magnitude(int seconds) {
        Random random = new Random(1);
        float[] signal = new float[seconds * RATE];
        for (int i = 0; i < signal.length; i++) {
            double fade = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / (0.8 * RATE));
            signal[i] =
                    (float) (0.1 * fade * random.nextGaussian() + 0.2 * Math.sin(0.05 * i + 3 * Math.sin(1e-4 * i)));
        }
        return Magnitudes.CONSISTENT.of(AudioSignal.mono(signal, RATE), StftParameters.hann(1024, 256));
    }
}
