package dev.phasor.quality;

import dev.phasor.AlgorithmKinds;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.PhaseReconstructor;
import dev.phasor.reconstruction.Progress;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.reconstruction.ReconstructionReport;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.MagnitudeSpectrogram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Measures every algorithm on the recordings of a folder: {@code benchmarks/quality FOLDER} runs it. Writes the table
 * QUALITY.md and the figure of each clip, quality.csv, into the second folder named.
 */
final class QualityTable {

    private static final int[] ITERATIONS = {4, 16, 32, 64, 100, 200};

    private static final int FRAME_ITERATIONS = 8;

    private final List<Clip> clips;
    private final StringBuilder table = new StringBuilder();
    private final StringBuilder csv = new StringBuilder("setting,magnitudes,algorithm,n_iter,clip,db\n");

    private QualityTable(List<Clip> clips) {
        this.clips = clips;
    }

    public static void main(String[] arguments) throws IOException {
        Path out = Path.of(arguments[1]);
        QualityTable quality = new QualityTable(clips(Path.of(arguments[0])));
        quality.introduce();
        quality.measure(Setting.S1, Magnitudes.CONSISTENT, out);
        quality.measure(Setting.S1, Magnitudes.MASKED, out);
        quality.measure(Setting.S1, Magnitudes.STRETCHED, out);
        quality.measure(Setting.S2, Magnitudes.CONSISTENT, out);
        quality.measure(Setting.S3, Magnitudes.CONSISTENT, out);
    }

    static List<Clip> clips(Path folder) throws IOException {
        List<Clip> clips = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".wav")).sorted().toList()) {
                clips.add(Clip.of(file));
            }
        }
        return clips;
    }

    private void introduce() {
        table.append("""
                # Quality

                Made by `benchmarks/quality FOLDER`, on %d recordings: the first 3 s, channels averaged, n_fft zeros at both ends.
                Spectral convergence in dB, 20 log10(|| |STFT(y)| - M || / ||M||), of the audio delivered; lower is better;
                mean / median / worst over the recordings. Iterative algorithms start from PGHI. Each recording's figure is in [quality.csv](quality.csv).
                """.formatted(clips.size()));
    }

    /** One section; written at once, since the whole takes long. */
    private void measure(Setting setting, Magnitudes kind, Path out) throws IOException {
        table.append("\n## %s, %s; magnitudes %s\n\n".formatted(setting, setting.description(), name(kind)));
        table.append("| algorithm |");
        for (int n : ITERATIONS) {
            table.append(' ').append(n).append(" |");
        }
        table.append("\n|---|").append("---|".repeat(ITERATIONS.length)).append('\n');
        for (Algorithm algorithm : AlgorithmKinds.overTheWhole()) {
            // Which is what auto is.
            if (algorithm != Algorithm.COARSE_TO_FINE) {
                row(algorithm.wireName(), setting, kind, algorithm, ITERATIONS);
            }
        }
        table.append("\n| without iterating over the whole | |\n|---|---|\n");
        for (Algorithm algorithm : AlgorithmKinds.atOnce()) {
            row(algorithm.wireName(), setting, kind, algorithm, 1);
        }
        for (Algorithm algorithm : AlgorithmKinds.FRAME_BY_FRAME) {
            row(algorithm.wireName() + ", n_iter " + FRAME_ITERATIONS, setting, kind, algorithm, FRAME_ITERATIONS);
        }
        Files.writeString(out.resolve("QUALITY.md"), table);
        Files.writeString(out.resolve("quality.csv"), csv);
    }

    private void row(String label, Setting setting, Magnitudes kind, Algorithm algorithm, int... iterations) {
        table.append("| ").append(label).append(" |");
        for (int n : iterations) {
            double[] figures = clips.stream()
                    .mapToDouble(clip -> {
                        double db = figure(clip, setting, kind, algorithm, n);
                        csv.append(String.format(
                                Locale.ROOT,
                                "%s,%s,%s,%d,%s,%.2f%n",
                                setting,
                                name(kind),
                                algorithm.wireName(),
                                n,
                                clip.name(),
                                db));
                        return db;
                    })
                    .sorted()
                    .toArray();
            int middle = figures.length / 2;
            double median = figures.length % 2 == 1 ? figures[middle] : (figures[middle - 1] + figures[middle]) / 2;
            table.append(String.format(
                    Locale.ROOT,
                    " %.1f / %.1f / %.1f |",
                    Arrays.stream(figures).average().orElseThrow(),
                    median,
                    figures[figures.length - 1]));
        }
        table.append('\n');
    }

    private static String name(Magnitudes kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    static double figure(Clip clip, Setting setting, Magnitudes kind, Algorithm algorithm, int iterations) {
        AudioSignal audio = clip.between(setting.stft().fftSize());
        MagnitudeSpectrogram magnitude = kind.of(audio, setting.stft());
        // A stretched signal's length is that of its frames; else all samples are asked for.
        Integer length = kind == Magnitudes.STRETCHED ? null : (Integer) audio.length();
        ReconstructionReport report = PhaseReconstructor.of(algorithm)
                .reconstruct(
                        magnitude,
                        ReconstructionParameters.of(setting.stft())
                                .withIterations(iterations)
                                .withLength(length),
                        Progress.NONE)
                .report();
        return report.spectralConvergenceDb().get(0);
    }
}
