package dev.phasor.operation;

import dev.phasor.Recordings;
import dev.phasor.quality.Resampling;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.MelReconstructor;
import dev.phasor.reconstruction.PhaseReconstructor;
import dev.phasor.reconstruction.Progress;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * The time of {@code auto} with 32 iterations from a mel and from the magnitudes of the same 10 s;
 * {@code benchmarks/mel} runs it. {@code write FILE} writes the samples as floats; {@code time PRESET RUNS} prints the
 * milliseconds of each run, from the mel and from the magnitudes in turns.
 */
public final class MelCost {

    private static final int RATE = 22050;
    private static final int SECONDS = 10;
    private static final int ITERATIONS = 32;
    private static final int WARM_UP_RUNS = 12;

    private MelCost() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("write")) {
            write(Path.of(arguments[1]));
        } else {
            time(arguments[1], Integer.parseInt(arguments[2]));
        }
    }

    /** Speech, again and again until it is long enough. */
    private static float[] samples(int rate) {
        float[] speech = Resampling.of(Recordings.read(Recordings.speech()).samples(0), 16_000, rate);
        float[] samples = new float[SECONDS * rate];
        for (int t = 0; t < samples.length; t++) {
            samples[t] = speech[t % speech.length];
        }
        return samples;
    }

    private static void write(Path file) throws IOException {
        float[] samples = samples(RATE);
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(samples);
        Files.write(file, bytes.array());
    }

    private static void time(String preset, int runs) {
        Kernels kernels = Kernels.best();
        Call call = Calls.call(Endpoint.MEL, new Inputs(), Map.of("mel", preset));
        int rate = call.parameters().get(Parameter.SAMPLE_RATE);
        float[] samples = samples(rate);
        Stft stft = kernels.stft(Calls.settings().forAudio(call.parameters()));
        MelSetup setup = MelSetup.of(call, stft, rate);
        float[] mels = new float[setup.transform().frames(samples.length) * setup.mels()];
        setup.transform().forward(samples, mels);
        setup.transform().apply(mels);
        setup.undo(mels, new Report());
        MelReconstructor joint =
                new MelReconstructor(setup.filters(), setup.value().power(), null, kernels);
        SpectrogramShape shape = new SpectrogramShape(
                Shape.SCALAR, stft.parameters().bins(), stft.parameters().frames(samples.length));
        float[] re = new float[shape.planeSize()];
        float[] im = new float[shape.planeSize()];
        stft.forward(samples, re, im);
        kernels.iteration().magnitude(re, im, re, 0, re.length);
        MagnitudeSpectrogram magnitude = new MagnitudeSpectrogram(shape, new float[][] {re});
        ReconstructionParameters settings = ReconstructionParameters.of(stft.parameters())
                .withIterations(ITERATIONS)
                .withLength(samples.length);
        PhaseReconstructor auto = PhaseReconstructor.of(Algorithm.AUTO, kernels);
        float[][] item = {mels};
        for (int run = -WARM_UP_RUNS; run < runs; run++) {
            double fromMel = milliseconds(() -> joint.reconstruct(Shape.SCALAR, item, settings, Progress.NONE)
                    .audio());
            double fromMagnitude = milliseconds(
                    () -> auto.reconstruct(magnitude, settings, Progress.NONE).audio());
            if (run >= 0) {
                System.out.printf(Locale.ROOT, "%.1f %.1f%n", fromMel, fromMagnitude);
            }
        }
    }

    private interface Run {
        AudioSignal run();
    }

    private static double milliseconds(Run work) {
        long start = System.nanoTime();
        if (work.run().length() == 0) {
            throw new IllegalStateException("no sound");
        }
        return (System.nanoTime() - start) / 1e6;
    }
}
