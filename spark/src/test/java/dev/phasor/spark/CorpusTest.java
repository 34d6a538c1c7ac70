package dev.phasor.spark;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** A corpus on two cores, beside the service's own answers to the same files. */
@TestInstance(Lifecycle.PER_CLASS)
class CorpusTest {

    private static final int WHOLE = 195;

    /** Two executors, processes of their own, with {@code -Dphasor.spark.master=local-cluster[2,1,1024]}. */
    private static final String MASTER = System.getProperty("phasor.spark.master", "local[2]");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Path folder;

    private SparkSession spark;
    private Service service;
    private Path corpus;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        corpus = folder.resolve("corpus");
        Cuts.into(corpus, WHOLE);
        service = Service.start();
        spark = Corpus.session(SparkSession.builder()
                .master(MASTER)
                .config("spark.ui.enabled", "false")
                .config("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                .config("spark.network.timeout", "600s")
                .config("spark.sql.shuffle.partitions", "2"));
    }

    @AfterAll
    void stop() {
        if (spark != null) {
            spark.stop();
        }
        if (service != null) {
            service.close();
        }
    }

    private Options options(String operation, Path input, Path output, String parameters) {
        return Options.parse(
                "--operation",
                operation,
                "--input",
                input.toString(),
                "--output",
                output.toString(),
                "--parameters",
                parameters);
    }

    private List<Row> manifest(Path output) {
        return spark.read()
                .parquet(output.resolve(Manifest.NAME).toString())
                .orderBy("path")
                .collectAsList();
    }

    /** Where there are executors, one is killed in the middle: others do its work. */
    @Test
    void everyRecordingHasTheServicesAnswerOrARowOfItsError() throws Exception {
        Path output = folder.resolve("spectrograms");
        Options options = options("stft", corpus, output, "n_fft=512,hop_length=128");
        AtomicInteger killed = new AtomicInteger();
        SparkListener killer = new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd end) {
                if (killed.get() == 0) {
                    killed.set(killAnExecutor());
                }
            }
        };
        spark.sparkContext().addSparkListener(killer);
        Corpus.Summary summary = Corpus.run(spark, options);
        spark.sparkContext().removeSparkListener(killer);

        assertThat(killed).hasValue(MASTER.startsWith("local-cluster") ? 1 : 0);
        assertThat(summary.done()).isEqualTo(WHOLE + Cuts.BROKEN.size());
        List<Row> rows = manifest(output);
        assertThat(rows).hasSize(WHOLE + Cuts.BROKEN.size());
        assertThat(rows.stream().filter(row -> row.getAs("code") != null).map(row -> row.<String>getAs("path")))
                .containsExactlyInAnyOrderElementsOf(Cuts.BROKEN);
        Set<String> files = new TreeSet<>();
        for (Row row : rows) {
            Path file = corpus.resolve(row.<String>getAs("path"));
            HttpResponse<byte[]> answer = service.ask("/v1/stft", options.parameters(), file);
            assertThat(answer.statusCode() == 200).as(file.toString()).isEqualTo(row.getAs("code") == null);
            if (row.getAs("code") == null) {
                Path own = output.resolve(row.<String>getAs("answer"));
                files.add(own.toString());
                assertThat(Files.readAllBytes(own)).as(file.toString()).isEqualTo(answer.body());
                assertThat(row.<Long>getAs("answer_bytes")).isEqualTo(Files.size(own));
                assertThat(told(row.getAs("report")))
                        .isEqualTo(told(
                                answer.headers().firstValue("Phasor-Report").orElseThrow()));
            } else {
                assertThat(row.<String>getAs("error")).as(file.toString()).isNotEmpty();
            }
        }
        assertThat(answers(output)).as("nothing unfinished stays").isEqualTo(files);

        TreeMap<Path, Object> times = times(output);
        assertThat(Corpus.run(spark, options).done()).isZero();
        assertThat(times(output)).as("a second run changes nothing").isEqualTo(times);

        Files.copy(corpus.resolve(rows.get(10).<String>getAs("path")), corpus.resolve("late.wav"));
        assertThat(Corpus.run(spark, options).done()).as("a later file alone").isOne();
        Files.delete(corpus.resolve("late.wav"));
        Files.delete(corpus.resolve("broken/text.wav"));
        assertThat(Corpus.run(
                                spark,
                                Options.parse(
                                        "--retry-errors",
                                        "--operation",
                                        "stft",
                                        "--input",
                                        corpus.toString(),
                                        "--output",
                                        output.toString(),
                                        "--parameters",
                                        "n_fft=512,hop_length=128"))
                        .done())
                .as("those with errors again that are still there")
                .isEqualTo(Cuts.BROKEN.size() - 1);
        Files.writeString(corpus.resolve("broken/text.wav"), "this is no sound\n");
        assertThat(manifest(output)).hasSize(WHOLE + Cuts.BROKEN.size());
    }

    @Test
    void soundComesBackAsSoundAndFiguresAsRows() throws Exception {
        Path some = folder.resolve("some");
        Files.createDirectories(some);
        for (String name : List.of("part 0/piece-0.wav", "part 1/piece-1.wav", "part 0/piece-14.flac")) {
            Files.copy(corpus.resolve(name), some.resolve(name.substring(name.indexOf('/') + 1)));
        }
        for (String format : List.of("flac", "wav")) {
            Path output = folder.resolve("sound-" + format);
            Options options =
                    options("reconstruct", some, output, "n_fft=512,hop_length=128,response_format=" + format);
            assertThat(Corpus.run(spark, options).errors()).isZero();
            for (Row row : manifest(output)) {
                HttpResponse<byte[]> answer =
                        service.ask("/v1/reconstruct", options.parameters(), some.resolve(row.<String>getAs("path")));
                assertThat(Files.readAllBytes(output.resolve(row.<String>getAs("answer"))))
                        .isEqualTo(answer.body());
                assertThat(row.<Double>getAs("sound_seconds")).isPositive();
            }
        }
        Path diagnosis = folder.resolve("diagnosis");
        Options options = options("diagnose", some, diagnosis, "n_fft=512,limit=3");
        assertThat(Corpus.run(spark, options).errors()).isZero();
        for (Row row : manifest(diagnosis)) {
            HttpResponse<byte[]> answer =
                    service.ask("/v1/phase/diagnose", options.parameters(), some.resolve(row.<String>getAs("path")));
            assertThat(told(row.getAs("report"))).isEqualTo(told(new String(answer.body(), "UTF-8")));
            assertThat(row.<Object>getAs("answer")).isNull();
        }
        Path figures = folder.resolve("figures");
        Corpus.run(
                spark,
                Options.parse(
                        "--operation",
                        "evaluate",
                        "--input",
                        some.toString(),
                        "--output",
                        figures.toString(),
                        "--reference",
                        folder.resolve("sound-wav").toString(),
                        "--parameters",
                        "n_fft=512"));
        assertThat(manifest(figures))
                .hasSize(3)
                .allSatisfy(row -> assertThat(row.<String, Double>getJavaMap(row.fieldIndex("figures"))
                                .get("spectral_convergence_db"))
                        .isLessThan(-100));
    }

    @Test
    void magnitudesBecomeTheServicesSound() throws Exception {
        Path some = folder.resolve("sounds");
        Files.createDirectories(some);
        Files.copy(corpus.resolve("part 0/piece-0.wav"), some.resolve("a.wav"));
        Path magnitudes = folder.resolve("magnitudes");
        Corpus.run(
                spark,
                options("stft", some, magnitudes, "n_fft=512,hop_length=128,output=magnitude,response_format=npz"));
        Path output = folder.resolve("found");
        Options options = options("reconstruct", magnitudes, output, "algorithm=fast_griffinlim,n_iter=5");
        assertThat(Corpus.run(spark, options).errors()).isZero();
        HttpResponse<byte[]> answer = service.ask("/v1/reconstruct", options.parameters(), magnitudes.resolve("a.npz"));
        assertThat(Files.readAllBytes(output.resolve("a.wav"))).isEqualTo(answer.body());
    }

    @Test
    void aDataFrameHasMelsAndFigures() throws Exception {
        PhasorFunctions.register(spark);
        Dataset<Row> files = spark.read()
                .format("binaryFile")
                .option("recursiveFileLookup", "true")
                .option("pathGlobFilter", "piece-{0,1}.wav")
                .load(corpus.toString());
        files.createOrReplaceTempView("files");
        Row row = spark.sql("SELECT size(mel(content, 'n_fft=512,n_mels=40')[0]) AS mels,"
                        + " spectral_convergence(content, content, 'n_fft=512') AS same,"
                        + " mel(array(0.5, 0.25, 0.125), 'n_fft=16,n_mels=2,sample_rate=8000')[0][0][0] AS sample,"
                        + " mel(binary('no sound'), '') AS none FROM files ORDER BY path")
                .first();
        assertThat(row.<Integer>getAs("mels")).isEqualTo(40);
        assertThat(row.<Double>getAs("same")).isLessThan(-100);
        assertThat(row.<Float>getAs("sample")).isPositive();
        assertThat(row.<Object>getAs("none")).isNull();
        assertThat(files.select(PhasorFunctions.mel(col("content"), "n_fft=512,n_mels=40")
                                .as("mel"))
                        .filter("mel IS NOT NULL")
                        .count())
                .isEqualTo(2);
    }

    @Test
    void anotherOperationWantsAnotherFolder() throws Exception {
        Path some = Files.createDirectories(folder.resolve("one"));
        Files.copy(corpus.resolve("part 0/piece-0.wav"), some.resolve("a.wav"));
        Path output = folder.resolve("taken");
        Corpus.run(spark, options("stft", some, output, "n_fft=512"));
        assertThatThrownBy(() -> Corpus.run(spark, options("stft", some, output, "n_fft=1024")))
                .isInstanceOf(Options.UsageException.class)
                .hasMessageContaining("n_fft=512")
                .hasMessageContaining("name another folder");
        assertThatThrownBy(() -> Corpus.run(spark, options("stft", some, some.resolve("below"), "")))
                .isInstanceOf(Options.UsageException.class)
                .hasMessageContaining("outside of --input");
    }

    /** @return 1 if one was there to be killed */
    private static int killAnExecutor() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> commandLine(process).contains("CoarseGrainedExecutorBackend"))
                .findFirst()
                .map(process -> process.destroyForcibly() ? 1 : 0)
                .orElse(0);
    }

    /** Java's own has no line of more than 4096 bytes, and a class path is longer. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline"));
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    private static JsonNode told(String report) throws IOException {
        ObjectNode node = (ObjectNode) MAPPER.readTree(report);
        node.remove("milliseconds");
        return node;
    }

    private static Set<String> answers(Path output) throws IOException {
        try (Stream<Path> files = Files.walk(output)) {
            return files.filter(Files::isRegularFile)
                    .map(Path::toString)
                    .filter(file -> !file.contains(Manifest.NAME) && !file.endsWith(Answers.LOCK))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static TreeMap<Path, Object> times(Path output) throws IOException {
        TreeMap<Path, Object> times = new TreeMap<>();
        try (Stream<Path> files = Files.walk(output)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                times.put(file, Files.getLastModifiedTime(file));
            }
        }
        return times;
    }
}
