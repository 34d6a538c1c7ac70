package dev.phasor.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What the command says and how it ends, and what it does when it comes again. */
@TestInstance(Lifecycle.PER_CLASS)
class CommandTest {

    private static final String NO_SOUND = "this is no sound\n";

    private SparkSession spark;
    private List<Path> sounds;
    private Path input;
    private Path output;

    @BeforeAll
    void start(@TempDir Path corpus) throws IOException {
        Cuts.into(corpus, 40);
        sounds = List.of(corpus.resolve("part 0/piece-0.wav"), corpus.resolve("part 1/piece-1.wav"));
        spark = Corpus.session(SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2"));
    }

    @AfterAll
    void stop() {
        spark.stop();
    }

    @BeforeEach
    void folders(@TempDir Path folder) throws IOException {
        input = Files.createDirectory(folder.resolve("in"));
        output = folder.resolve("out");
    }

    private Corpus.Summary run(String operation, String... more) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments(operation)));
        all.addAll(List.of(more));
        return Corpus.run(spark, Options.parse(all.toArray(String[]::new)));
    }

    private String[] arguments(String operation) {
        return new String[] {"--operation", operation, "--input", input.toString(), "--output", output.toString()};
    }

    private List<Row> manifest() {
        return spark.read()
                .parquet(output.resolve(Manifest.NAME).toString())
                .orderBy("path")
                .collectAsList();
    }

    /** A process of its own, with {@code jvm.options} as {@code spark/run} has it. */
    private static Process process(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@jvm.options",
                "-Dspark.master=local[1]",
                "-Dspark.ui.enabled=false",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String said(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), "UTF-8");
    }

    /** Holds a folder of answers until it is killed. */
    static final class Holder {

        private Holder() {}

        public static void main(String... folder) throws IOException {
            try (Closeable lock = new Answers(folder[0], new Configuration()).lock()) {
                System.out.println("held");
                System.in.read();
            }
        }
    }

    @Test
    void aFolderTakesOneCommandAtATimeAndIsFreeWhenThatIsKilled() throws Exception {
        Files.copy(sounds.get(0), input.resolve("a.wav"));
        Process holder = process(Holder.class, output.toString());
        try (BufferedReader lines = holder.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("held");
            assertThatThrownBy(() -> run("stft"))
                    .isInstanceOf(Corpus.RefusedException.class)
                    .hasMessageContaining("another command is writing to --output")
                    .hasMessageContaining(output.toString());
            assertThat(output.resolve(Manifest.NAME)).doesNotExist();
        } finally {
            holder.destroyForcibly().waitFor();
        }
        assertThat(run("stft").answers()).isOne();
    }

    @Test
    void whereNothingIsAnsweredTheErrorsAreSaidAndTheCommandFails() throws Exception {
        for (String name : List.of("b.wav", "c.wav", "d.flac")) {
            Files.writeString(input.resolve(name), NO_SOUND);
        }
        Files.createFile(input.resolve("a.wav"));
        Process command = process(Corpus.class, arguments("stft"));
        assertThat(said(command).lines())
                .satisfiesExactly(
                        first -> assertThat(first)
                                .startsWith("3 files, one is b.wav: malformed_audio: the file must be WAV, FLAC"),
                        second -> assertThat(second)
                                .startsWith("1 file, a.wav: malformed_audio:")
                                .endsWith("empty file"),
                        last -> assertThat(last)
                                .startsWith("4 files done now in")
                                .contains("the manifest has 0 answers and 4 errors, of"));
        assertThat(command.waitFor()).isOne();

        Files.copy(sounds.get(0), input.resolve("whole.wav"));
        Corpus.Summary summary = run("stft");
        assertThat(summary.failed()).as("a broken file among others").isFalse();
        assertThat(summary.toString()).contains("\n1 file done now in").contains("has 1 answer and 4 errors, of");
    }

    @Test
    void threeErrorsAreSaidTheMostFrequentFirst() throws Exception {
        List<String> heads = List.of("", "RIFF", "RIFF", "text", "text", "text", "fLaC");
        for (int i = 0; i < heads.size(); i++) {
            Files.writeString(input.resolve(i + ".wav"), heads.get(i));
        }
        assertThat(run("stft").reasons())
                .hasSize(3)
                .satisfies(reasons -> assertThat(reasons.get(0)).startsWith("3 files, one is 3.wav:"))
                .satisfies(reasons -> assertThat(reasons.get(1)).startsWith("2 files, one is 1.wav:"))
                .satisfies(reasons -> assertThat(reasons.get(2)).startsWith("1 file, 0.wav:"));
    }

    @Test
    void evaluateWithoutAReferenceIsRefusedBeforeAnythingIsWritten() throws Exception {
        Files.copy(sounds.get(0), input.resolve("a.wav"));
        assertThatThrownBy(() -> run("evaluate"))
                .isInstanceOf(Options.UsageException.class)
                .hasMessageContaining("--reference FOLDER");
        assertThat(output).doesNotExist();
    }

    @Test
    void aRecordingThatHasChangedIsDoneAgain() throws Exception {
        Path changing = input.resolve("a.wav");
        Files.copy(sounds.get(0), changing);
        Files.copy(sounds.get(0), input.resolve("same.wav"));
        run("stft");
        byte[] before = Files.readAllBytes(output.resolve("a.npy"));
        assertThat(run("stft").done()).as("nothing has changed").isZero();

        Files.write(changing, Files.readAllBytes(sounds.get(1)));
        assertThat(run("stft").done()).as("another size").isOne();
        assertThat(manifest())
                .hasSize(2)
                .first()
                .satisfies(row -> assertThat(row.<Long>getAs("bytes")).isEqualTo(Files.size(changing)));
        assertThat(Files.readAllBytes(output.resolve("a.npy"))).isNotEqualTo(before);

        Files.setLastModifiedTime(changing, FileTime.fromMillis(1_000_000_000_000L));
        assertThat(run("stft").done()).as("another time of modification").isOne();
        assertThat(manifest())
                .hasSize(2)
                .first()
                .satisfies(row ->
                        assertThat(row.<java.sql.Timestamp>getAs("modified")).hasTime(1_000_000_000_000L));

        Files.writeString(changing, NO_SOUND);
        assertThat(run("stft").errors()).isOne();
        assertThat(output.resolve("a.npy")).as("the answer of what is no more").doesNotExist();
        assertThat(output.resolve("same.npy")).exists();
    }

    @Test
    void aFolderWithoutRecordingsIsRefusedUnlessThereIsAManifest() throws Exception {
        Files.writeString(input.resolve("notes.txt"), NO_SOUND);
        assertThatThrownBy(() -> run("stft"))
                .isInstanceOf(Corpus.RefusedException.class)
                .hasMessageContaining("no recording under --input")
                .hasMessageContaining("flac");
        Path recording = Files.copy(sounds.get(0), input.resolve("a.wav"));
        run("stft");
        Files.delete(recording);
        assertThat(run("stft").done()).isZero();
        assertThat(manifest()).hasSize(1);
    }

    @Test
    void theCommandsHelpNamesTheOptionsAndTheOperations() throws Exception {
        Process help = process(Corpus.class, "--help");
        assertThat(said(help))
                .contains("--parameters")
                .contains("operations:", "stft mel ")
                .contains("diagnose", "evaluate", "separate_vjp", "stretch");
        assertThat(help.waitFor()).isZero();
    }
}
