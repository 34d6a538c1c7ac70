package dev.phasor.quality;

import dev.phasor.reconstruction.Algorithm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What {@code auto} makes of more iterations than its bands and a descent can use: a row a recording, and the mean.
 * Arguments: the folder of recordings.
 */
final class LongTable {

    private static final int[] ITERATIONS = {200, 500, 1000, 2000};

    private LongTable() {}

    public static void main(String[] arguments) throws IOException {
        List<Clip> clips = QualityTable.clips(Path.of(arguments[0]));
        System.out.println(
                "\n## Many iterations of auto\n\nMade by `benchmarks/quality-long FOLDER`; magnitudes consistent.");
        for (Setting setting : List.of(Setting.S1, Setting.S2)) {
            System.out.println("\n| " + setting + ", " + setting.description()
                    + " | 200 | 500 | 1000 | 2000 |\n|---|---|---|---|---|");
            double[] sum = new double[ITERATIONS.length];
            for (Clip clip : clips) {
                double[] figures = Arrays.stream(ITERATIONS)
                        .mapToDouble(n -> QualityTable.figure(clip, setting, Magnitudes.CONSISTENT, Algorithm.AUTO, n))
                        .toArray();
                Arrays.setAll(sum, i -> sum[i] + figures[i] / clips.size());
                row(clip.name(), figures);
            }
            row("mean", sum);
        }
    }

    private static void row(String name, double[] figures) {
        StringBuilder row = new StringBuilder("| " + name);
        for (double figure : figures) {
            row.append(String.format(Locale.ROOT, " | %.1f", figure));
        }
        System.out.println(row.append(" |"));
    }
}
