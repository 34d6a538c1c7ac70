package dev.phasor.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** An operation on every recording below a folder: answers in files, and a manifest. The program of spark-submit. */
public final class Corpus {

    private static final int USAGE = 2;

    private Corpus() {}

    public static void main(String... arguments) throws IOException {
        SparkSession spark = null;
        try {
            Options options = Options.parse(arguments);
            spark = session(SparkSession.builder()
                    .appName("phasor " + options.endpoint().wireName()));
            System.out.println(run(spark, options));
        } catch (Options.UsageException e) {
            System.err.println(e.getMessage() + "\n" + Options.USAGE);
            System.exit(USAGE);
        } finally {
            if (spark != null) {
                spark.stop();
            }
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
     * @param soundSeconds of the sound behind its rows
     * @param coreSeconds that its rows took, each on the threads of one task
     */
    record Summary(int done, double seconds, long answers, long errors, double soundSeconds, double coreSeconds) {

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d files done now in %.1f s; the manifest has %d answers and %d errors, of %.1f s of sound in"
                            + " %.1f s of a core: %.1f s of sound a core and second",
                    done,
                    seconds,
                    answers,
                    errors,
                    soundSeconds,
                    coreSeconds,
                    coreSeconds > 0 ? soundSeconds / coreSeconds : 0);
        }
    }

    /** @throws Options.UsageException for what the user has to change */
    static Summary run(SparkSession spark, Options options) throws IOException {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Configuration configuration = context.hadoopConfiguration();
        Folder folder = new Folder("input", options.input(), configuration);
        String reference = options.reference();
        @Nullable Folder references = reference == null ? null : new Folder("reference", reference, configuration);
        Answers answers = new Answers(options.output(), configuration);
        if ((answers.root() + "/").startsWith(folder.root() + "/")) {
            throw new Options.UsageException(
                    "--output must be outside of --input, whose files are read, got " + options.output());
        }
        answers.clean();
        Manifest manifest = new Manifest(spark, answers);
        manifest.check(options);
        if (options.retryErrors()) {
            manifest.forgetErrors();
        }
        Set<String> done = manifest.paths();
        List<Recording> todo = folder.recordings().stream()
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

    private static Summary summary(int done, double seconds, Manifest manifest) throws IOException {
        Row row = manifest.rows()
                .agg(
                        count(lit(1)),
                        count(col("code")),
                        coalesce(sum("sound_seconds"), lit(0.0)),
                        coalesce(sum("seconds"), lit(0.0)))
                .head();
        return new Summary(
                done, seconds, row.getLong(0) - row.getLong(1), row.getLong(1), row.getDouble(2), row.getDouble(3));
    }
}
