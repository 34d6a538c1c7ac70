package dev.phasor.operation;

import dev.phasor.mel.MelValue;
import dev.phasor.quality.Clip;
import dev.phasor.quality.Resampling;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.Evaluation;
import dev.phasor.reconstruction.Initialization;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.MelAccuracy;
import dev.phasor.reconstruction.MelReconstructor;
import dev.phasor.reconstruction.Progress;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Measures sound from mels on the recordings of a folder; {@code benchmarks/quality FOLDER} runs it. */
public final class MelTable {

    private static final List<String> PRESETS = List.of("hifigan", "whisper", "vocos");

    private MelTable() {}

    /** One way from a mel to sound. */
    private record Way(String name, @Nullable Algorithm algorithm, Initialization init, int iterations) {}

    private static final List<Way> WAYS = List.of(
            new Way(
                    "librosa's steps: nnls, fast_griffinlim from random",
                    Algorithm.FAST_GRIFFINLIM,
                    Initialization.RANDOM,
                    32),
            new Way("nnls", Algorithm.AUTO, Initialization.PGHI, 100),
            new Way("auto", null, Initialization.PGHI, 32),
            new Way("auto", null, Initialization.PGHI, 100));

    public static void main(String[] arguments) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(Path.of(arguments[0]))) {
            files = all.filter(file -> file.toString().endsWith(".wav"))
                    .sorted()
                    .toList();
        }
        boolean each = arguments.length > 1;
        System.out.print("""

                ## Mels

                Means over the same clips, resampled to the preset's rate: mel convergence in dB, log-mel L1 in nepers of
                magnitude, log-spectral distance in dB, and milliseconds. Lower is better in each column. docs/mel.md defines
                them.

                | preset | algorithm, n_iter | mel convergence | log-mel L1 | log-spectral distance | ms |
                |---|---|---|---|---|---|
                """);
        for (String preset : arguments.length > 2 ? List.of(arguments[2].split(",")) : PRESETS) {
            Call call = Calls.call(Endpoint.MEL, new Inputs(), Map.of("mel", preset));
            int rate = call.parameters().get(Parameter.SAMPLE_RATE);
            List<float[]> clips = new ArrayList<>();
            for (Path file : files) {
                clips.add(resampled(Clip.of(file), rate));
            }
            for (Way way : WAYS) {
                double[] sum = new double[4];
                for (int i = 0; i < clips.size(); i++) {
                    double[] figures = measure(call, rate, clips.get(i), way);
                    if (each) {
                        print(preset + " " + files.get(i).getFileName(), way, figures);
                    }
                    for (int k = 0; k < sum.length; k++) {
                        sum[k] += figures[k] / clips.size();
                    }
                }
                print(preset, way, sum);
            }
        }
    }

    private static float[] resampled(Clip clip, int rate) {
        return Resampling.of(clip.samples(), clip.sampleRate(), rate);
    }

    private static void print(String preset, Way way, double[] figures) {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s, %d | %.1f | %.3f | %.2f | %.0f |%n",
                preset,
                way.name(),
                way.iterations(),
                figures[0],
                figures[1],
                figures[2],
                figures[3] * 1000);
    }

    /** Mel convergence, log-mel L1, log-spectral distance, seconds. */
    private static double[] measure(Call call, int rate, float[] samples, Way way) {
        Kernels kernels = Kernels.best();
        Stft stft = kernels.stft(Calls.settings().forAudio(call.parameters()));
        MelSetup setup = MelSetup.of(call, stft, rate);
        int frames = setup.transform().frames(samples.length);
        float[] mels = new float[frames * setup.mels()];
        setup.transform().forward(samples, mels);
        setup.transform().apply(mels);
        setup.undo(mels, new Report());
        MelValue value = setup.value();
        MelReconstructor reconstructor = new MelReconstructor(setup.filters(), value.power(), way.algorithm(), kernels);
        ReconstructionParameters settings = ReconstructionParameters.of(stft.parameters())
                .withIterations(way.iterations())
                .withInit(way.init())
                .withLength(samples.length);
        long start = System.nanoTime();
        AudioSignal audio = reconstructor
                .reconstruct(Shape.SCALAR, new float[][] {mels}, settings, Progress.NONE)
                .audio();
        double seconds = (System.nanoTime() - start) / 1e9;
        MelAccuracy accuracy = MelAccuracy.of(audio.samples(0), stft, setup.filters(), value, mels);
        int bins = stft.parameters().bins();
        int all = stft.parameters().frames(samples.length);
        float[] re = new float[all * bins];
        float[] im = new float[re.length];
        stft.forward(samples, re, im);
        kernels.iteration().magnitude(re, im, re, 0, re.length);
        double distance = Evaluation.of(
                        audio,
                        new MagnitudeSpectrogram(new SpectrogramShape(Shape.SCALAR, bins, all), new float[][] {re}),
                        stft,
                        kernels.iteration())
                .logSpectralDistanceDb()
                .get(0);
        return new double[] {accuracy.melConvergenceDb(), accuracy.logMelL1(), distance, seconds};
    }
}
