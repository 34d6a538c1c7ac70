package dev.phasor.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** The table of what was done, in Parquet beside the answers: a row for each recording. */
final class Manifest {

    /** Its name below the output folder. */
    static final String NAME = "manifest.parquet";

    /** Stands for it while rows are taken out. */
    private static final String KEPT = "_manifest.kept";

    private final SparkSession spark;
    private final FileSystem fileSystem;
    private final Path path;
    private final Path kept;

    Manifest(SparkSession spark, Answers answers) throws IOException {
        this.spark = spark;
        fileSystem = answers.fileSystem();
        path = answers.path(NAME);
        kept = answers.path(KEPT);
        if (!fileSystem.exists(path) && fileSystem.exists(new Path(kept, "_SUCCESS"))) {
            fileSystem.rename(kept, path);
        }
        fileSystem.delete(kept, true);
    }

    Dataset<Row> rows() throws IOException {
        return exists()
                ? spark.read().schema(Line.SCHEMA).parquet(path.toString())
                : spark.createDataFrame(List.of(), Line.SCHEMA);
    }

    boolean exists() throws IOException {
        return fileSystem.exists(path);
    }

    /**
     * Takes out the rows of recordings that have changed since, and of errors where they are tried again.
     *
     * @return the recordings that have a row still
     */
    Set<String> done(List<Recording> recordings, boolean retryErrors) throws IOException {
        Map<String, Recording> now = recordings.stream().collect(Collectors.toMap(Recording::path, each -> each));
        Set<String> done = new HashSet<>();
        List<String> again = new ArrayList<>();
        for (Row row : rows().select("path", "bytes", "modified", "code").collectAsList()) {
            Recording recording = now.get(row.getString(0));
            boolean changed = recording != null
                    && (recording.bytes() != row.getLong(1)
                            || !row.isNullAt(2)
                                    && recording.modified()
                                            != row.getTimestamp(2).getTime());
            if (changed || retryErrors && !row.isNullAt(3)) {
                again.add(row.getString(0));
            } else {
                done.add(row.getString(0));
            }
        }
        forget(again);
        return done;
    }

    /** @throws Options.UsageException if it is of another operation or of other parameters */
    void check(Options options) throws IOException {
        for (Row row : rows().select("operation", "parameters").distinct().collectAsList()) {
            String operation = row.getString(0);
            String parameters = row.getString(1);
            if (!operation.equals(options.endpoint().wireName()) || !parameters.equals(options.told())) {
                throw new Options.UsageException("--output must be a folder of the same operation and parameters, got "
                        + path + " of " + operation + " with [" + parameters + "]: name another folder");
            }
        }
    }

    void append(Dataset<Row> rows) {
        rows.write().mode(SaveMode.Append).parquet(path.toString());
    }

    /** Takes rows out, and the answers that are theirs alone. */
    private void forget(List<String> paths) throws IOException {
        if (paths.isEmpty()) {
            return;
        }
        Dataset<Row> gone = spark.createDataset(paths, Encoders.STRING()).toDF("path");
        Dataset<Row> stays = rows().join(gone, new String[] {"path"}, "left_anti");
        List<String> answers = rows().join(gone, new String[] {"path"}, "left_semi")
                .select("answer")
                .except(stays.select("answer"))
                .na()
                .drop()
                .as(Encoders.STRING())
                .collectAsList();
        stays.write().parquet(kept.toString());
        for (String answer : answers) {
            fileSystem.delete(new Path(path.getParent(), answer), false);
        }
        fileSystem.delete(path, true);
        fileSystem.rename(kept, path);
    }

    /** The most frequent errors, each with how many files have it and one of them. */
    List<String> errors(int most) throws IOException {
        return rows()
                .filter(col("code").isNotNull())
                .groupBy("code", "error")
                .agg(count(lit(1)).as("files"), min("path").as("path"))
                .orderBy(col("files").desc(), col("path"))
                .limit(most)
                .collectAsList()
                .stream()
                .map(row -> (row.getLong(2) == 1 ? "1 file, " : row.getLong(2) + " files, one is ") + row.getString(3)
                        + ": " + row.getString(0) + ": " + row.getString(1))
                .toList();
    }
}
