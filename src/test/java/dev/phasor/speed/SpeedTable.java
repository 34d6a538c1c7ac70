package dev.phasor.speed;

import dev.phasor.Bytes;
import dev.phasor.Recordings;
import dev.phasor.quality.Clip;
import dev.phasor.speed.Contestant.Turn;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Times our stages, with and without the vector module, in turns with other libraries: {@code benchmarks/run} runs it.
 * All work in processes of their own, 2 threads each; the figures are medians over the turns, each the median of its
 * runs.
 */
final class SpeedTable implements AutoCloseable {

    /** Of processor time, as those of a turn: other work on the machine does not shorten it. */
    private static final double WARM_UP_SECONDS = 2;

    /** The first may be a single run, in which all is compiled. */
    private static final int WARM_UPS = 3;

    private static final double TURN_SECONDS = 0.15;
    private static final int TURNS = 5;

    private final Contestant ours;
    private final Contestant plain;
    private final @Nullable Contestant torch;
    private final @Nullable Contestant fftw;
    private final double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    private final StringBuilder lines = new StringBuilder();
    private final StringBuilder notes = new StringBuilder();

    private SpeedTable(Path samples) throws IOException {
        ours = java(samples, "--add-modules", "jdk.incubator.vector");
        plain = java(samples);
        torch = Contestant.start(
                List.of(System.getProperty("python", "python3"), "benchmarks/torch_stages.py", samples.toString()));
        fftw = Contestant.start(List.of(System.getProperty("fftw", "")));
    }

    public static void main(String[] arguments) throws IOException {
        Path samples = Files.createTempFile("minute", ".f32");
        try {
            Files.write(samples, minute());
            try (SpeedTable table = new SpeedTable(samples)) {
                List<String> wanted = List.of(arguments).subList(1, arguments.length);
                for (Row row : Row.ALL) {
                    if (wanted.isEmpty() || wanted.contains(row.stage())) {
                        table.measure(row);
                    }
                }
                Files.writeString(Path.of(arguments[0]), table.text());
                System.out.print(table.text());
            }
        } finally {
            Files.delete(samples);
        }
    }

    /** A recording again and again, taken to be at 22.05 kHz; float32, little endian. */
    private static byte[] minute() {
        float[] speech = Clip.of(Recordings.speech()).samples();
        float[] minute = new float[60 * 22050];
        for (int t = 0; t < minute.length; t++) {
            minute[t] = speech[t % speech.length];
        }
        return Bytes.floats(minute);
    }

    private static Contestant java(Path samples, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:ActiveProcessorCount=2",
                "-Xmx2g"));
        command.addAll(List.of(options));
        command.addAll(List.of(StageProcess.class.getName(), samples.toString()));
        Contestant started = Contestant.start(command);
        if (started == null) {
            throw new IOException("our own process did not start");
        }
        return started;
    }

    private void measure(Row row) throws IOException {
        Contestant other = switch (row.opponent()) {
            case "torch" -> torch;
            case "FFTW" -> fftw;
            default -> ours;
        };
        StageTurns mine = new StageTurns(ours, row.stage());
        StageTurns withoutVectors = new StageTurns(plain, row.stage());
        StageTurns others = new StageTurns(other, row.against());
        for (int turn = 0; turn < TURNS; turn++) {
            mine.next();
            withoutVectors.next();
            others.next();
        }
        System.err.println(row.label());
        lines.append(String.format(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %s %s | %s | %s | %s | %d | %.1f | %d | %s |%n",
                row.label(),
                mine.median() / row.parts(),
                withoutVectors.median() / row.parts(),
                row.opponent(),
                figure(others.median() / row.parts()),
                figure(mine.median() / others.median()),
                figure(mine.best() / others.best()),
                figure(row.atMost()),
                row.threads(),
                mine.last().bytes() / 1e6,
                mine.last().peak() / 1000,
                others.last().peak() < 0 ? "" : others.last().peak() / 1000));
        if (!mine.last().note().isEmpty()) {
            notes.append("%n%s: ours %s, %s %s.%n"
                    .formatted(
                            row.label(),
                            mine.last().note(),
                            row.opponent(),
                            others.last().note()));
        }
    }

    private static String figure(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.2f", value);
    }

    /** One contestant's turns at a stage; without figures where it is not there or does not know the stage. */
    private static final class StageTurns {

        private static final Turn NONE = new Turn(Double.NaN, Double.NaN, -1, -1, "");

        private final @Nullable Contestant contestant;
        private final String stage;
        private final List<Turn> turns = new ArrayList<>();

        StageTurns(@Nullable Contestant contestant, String stage) throws IOException {
            this.contestant = contestant;
            this.stage = stage;
            for (int i = 0; contestant != null && i < WARM_UPS; i++) {
                contestant.run(stage, WARM_UP_SECONDS / WARM_UPS);
            }
        }

        void next() throws IOException {
            Turn turn = contestant == null ? null : contestant.run(stage, TURN_SECONDS);
            if (turn != null) {
                turns.add(turn);
            }
        }

        Turn last() {
            return turns.isEmpty() ? NONE : turns.get(turns.size() - 1);
        }

        double median() {
            double[] medians = turns.stream().mapToDouble(Turn::median).sorted().toArray();
            return turns.isEmpty() ? Double.NaN : medians[medians.length / 2];
        }

        double best() {
            return turns.stream().mapToDouble(Turn::best).min().orElse(Double.NaN);
        }
    }

    private String text() throws IOException {
        return """
                # Speed

                Made by `benchmarks/run` on %s, of commit %s: %s, %d processors, load average %.1f before; %s; %s; %s.
                n_fft 1024, hop 256, Hann, float32, speech, 22.05 kHz.
                Medians in ms over %d turns, in processes of their own, 2 threads each; ratio is that of the medians, ours to the other's, then that of
                the best runs, which other work on the machine disturbs least; "at most" is what is aimed at.
                Allocation is ours, of one run; peaks are of the process's resident memory, ours (heap of at most 2 GB, garbage included) and the other's.

                | stage | ours | ours without the vector module | against | ratio | of the best | at most | threads | allocated, MB | peak, MB | theirs, MB |
                |---|---|---|---|---|---|---|---|---|---|---|
                %s%s""".formatted(
                        LocalDate.now(),
                        System.getProperty("commit", "unknown"),
                        processor(),
                        Runtime.getRuntime().availableProcessors(),
                        load,
                        ours.version(),
                        torch == null ? "no torch here" : torch.version(),
                        fftw == null ? "no FFTW here" : fftw.version(),
                        TURNS,
                        lines,
                        notes);
    }

    private static String processor() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        return Files.exists(info)
                ? Files.readAllLines(info).stream()
                        .filter(line -> line.startsWith("model name"))
                        .findFirst()
                        .map(line -> line.substring(line.indexOf(':') + 2))
                        .orElse(System.getProperty("os.arch"))
                : System.getProperty("os.arch");
    }

    @Override
    public void close() {
        ours.close();
        plain.close();
        if (torch != null) {
            torch.close();
        }
        if (fftw != null) {
            fftw.close();
        }
    }
}
