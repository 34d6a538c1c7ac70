package dev.phasor.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import dev.phasor.operation.Endpoint;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** An operation on every recording below a folder: answers in files, and a manifest. The program of spark-submit. */
public final class Corpus {

    private static final int FAILED = 1;
    private static final int USAGE = 2;

    /** Distinct errors that the console has; the manifest has all. */
    private static final int ERRORS = 3;

    private Corpus() {}

    public static void main(String... arguments) throws IOException {
        if (List.of(arguments).contains("--help")) {
            System.out.println(Options.USAGE);
            return;
        }
        SparkSession spark = null;
        int status = 0;
        try {
            Options options = Options.parse(arguments);
            spark = session(SparkSession.builder()
                    .appName("phasor " + options.endpoint().wireName()));
            Summary summary = run(spark, options);
            System.out.println(summary);
            status = summary.failed() ? FAILED : 0;
        } catch (Options.UsageException e) {
            System.err.println(e.getMessage() + "\n" + Options.USAGE);
            status = USAGE;
        } catch (RefusedException e) {
            System.err.println(e.getMessage());
            status = FAILED;
        } finally {
            if (spark != null) {
                spark.stop();
            }
        }
        if (status != 0) {
            System.exit(status);
        }
    }

    /** What stands in the way of a command that is itself as it should be. */
    static final class RefusedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * A session whose executors load classes from jars alone. With sessions set apart, as Spark has them, an executor
     * asks the driver for each class that is not there, and was seen to wait for its answer for ever.
     */
    static SparkSession session(SparkSession.Builder builder) {
        return builder.config("spark.sql.artifact.isolation.enabled", "false").getOrCreate();
    }

    /**
     * What was done.
     *
     * @param done files of this run
     * @param seconds that they took
     * @param answers rows of the manifest without an error
     * @param errors its rows with one
     * @param reasons the most frequent of the errors, a line each
     * @param soundSeconds of the sound behind its rows
     * @param coreSeconds that its rows took, each on the threads of one task
     */
    record Summary(
            int done,
            double seconds,
            long answers,
            long errors,
            List<String> reasons,
            double soundSeconds,
            double coreSeconds) {

        /** Whether nothing was answered and something failed. */
        boolean failed() {
            return answers == 0 && errors > 0;
        }

        @Override
        public String toString() {
            return reasons.stream().map(each -> each + "\n").collect(Collectors.joining())
                    + String.format(
                            Locale.ROOT,
                            "%s done now in %.1f s; the manifest has %s and %s, of %.1f s of sound in"
                                    + " %.1f s of a core: %.1f s of sound a core and second",
                            counted(done, "file"),
                            seconds,
                            counted(answers, "answer"),
                            counted(errors, "error"),
                            soundSeconds,
                            coreSeconds,
                            coreSeconds > 0 ? soundSeconds / coreSeconds : 0);
        }

        private static String counted(long count, String noun) {
            return count + " " + noun + (count == 1 ? "" : "s");
        }
    }

    /**
     * @throws Options.UsageException for what the user has to change
     * @throws RefusedException if there is no recording, or another command writes to the same folder
     */
    static Summary run(SparkSession spark, Options options) throws IOException {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Configuration configuration = context.hadoopConfiguration();
        Folder folder = new Folder("input", options.input(), configuration);
        String reference = options.reference();
        @Nullable Folder references = reference == null ? null : new Folder("reference", reference, configuration);
        List<Recording> recordings = folder.recordings();
        if (options.endpoint() == Endpoint.EVALUATE
                && references == null
                && !recordings.isEmpty()
                && recordings.stream()
                        .noneMatch(each -> each.path().toLowerCase(Locale.ROOT).endsWith(".npz"))) {
            throw new Options.UsageException(
                    "evaluate must have --reference FOLDER, what each recording is compared with"
                            + " under its own name (or NPZs that hold both), got neither");
        }
        Answers answers = new Answers(options.output(), configuration);
        if ((answers.root() + "/").startsWith(folder.root() + "/")) {
            throw new Options.UsageException(
                    "--output must be outside of --input, whose files are read, got " + options.output());
        }
        try (Closeable lock = answers.lock()) {
            answers.clean();
            Manifest manifest = new Manifest(spark, answers);
            manifest.check(options);
            if (recordings.isEmpty() && !manifest.exists()) {
                throw new RefusedException("there is no recording under --input " + folder.root()
                        + ", no file that ends in one of " + new TreeSet<>(Folder.ENDINGS));
            }
            Set<String> done = manifest.done(recordings, options.retryErrors());
            List<Recording> todo = recordings.stream()
                    .filter(recording -> !done.contains(recording.path()))
                    .toList();
            Work work = new Work(options, folder, references, answers);
            long start = System.nanoTime();
            for (int from = 0; from < todo.size(); from += options.round()) {
                List<Recording> round = todo.subList(from, Math.min(todo.size(), from + options.round()));
                List<List<Recording>> parts = Parts.of(round, context.defaultParallelism());
                JavaRDD<Row> rows = context.parallelize(parts, parts.size()).flatMap(work);
                manifest.append(spark.createDataFrame(rows, Line.SCHEMA));
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            answers.clean();
            return summary(todo.size(), seconds, manifest);
        }
    }

    private static Summary summary(int done, double seconds, Manifest manifest) throws IOException {
        Row row = manifest.rows()
                .agg(
                        count(lit(1)),
                        count(col("code")),
                        coalesce(sum("sound_seconds"), lit(0.0)),
                        coalesce(sum("seconds"), lit(0.0)))
                .head();
        long errors = row.getLong(1);
        return new Summary(
                done,
                seconds,
                row.getLong(0) - errors,
                errors,
                errors == 0 ? List.of() : manifest.errors(ERRORS),
                row.getDouble(2),
                row.getDouble(3));
    }
}
