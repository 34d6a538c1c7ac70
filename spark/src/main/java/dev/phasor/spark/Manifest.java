package dev.phasor.spark;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
        return fileSystem.exists(path)
                ? spark.read().schema(Line.SCHEMA).parquet(path.toString())
                : spark.createDataFrame(List.of(), Line.SCHEMA);
    }

    /** The recordings that have a row. */
    Set<String> paths() throws IOException {
        return new HashSet<>(rows().select("path").as(Encoders.STRING()).collectAsList());
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

    /** Takes the rows with errors out, so that their recordings are done again. */
    void forgetErrors() throws IOException {
        if (!fileSystem.exists(path)) {
            return;
        }
        rows().filter(col("error").isNull().and(col("code").isNull())).write().parquet(kept.toString());
        fileSystem.delete(path, true);
        fileSystem.rename(kept, path);
    }
}
