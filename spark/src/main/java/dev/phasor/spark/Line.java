package dev.phasor.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Timestamp;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/** A row of the manifest: what became of a recording. */
final class Line {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** The columns. */
    static final StructType SCHEMA = new StructType()
            .add("path", DataTypes.StringType, false)
            .add("bytes", DataTypes.LongType, false)
            .add("modified", DataTypes.TimestampType, true)
            .add("operation", DataTypes.StringType, false)
            .add("parameters", DataTypes.StringType, false)
            .add("answer", DataTypes.StringType, true)
            .add("answer_bytes", DataTypes.LongType, true)
            .add("sound_seconds", DataTypes.DoubleType, true)
            .add("seconds", DataTypes.DoubleType, false)
            .add("figures", DataTypes.createMapType(DataTypes.StringType, DataTypes.DoubleType), true)
            .add("warnings", DataTypes.createArrayType(DataTypes.StringType), true)
            .add("report", DataTypes.StringType, true)
            .add("code", DataTypes.StringType, true)
            .add("error", DataTypes.StringType, true);

    private final Options options;
    private final Recording recording;
    private final long start = System.nanoTime();

    Line(Options options, Recording recording) {
        this.options = options;
        this.recording = recording;
    }

    /**
     * Of what was answered.
     *
     * @param answer its file below the output folder; null where the report is the answer
     * @param soundSeconds of the sound file; where it was none, the report says how long the sound is
     */
    Row answered(@Nullable String answer, long answerBytes, double soundSeconds, Map<String, Object> report) {
        Object warnings = report.get("warnings");
        return row(
                answer,
                answer == null ? null : answerBytes,
                soundSeconds > 0 ? (Double) soundSeconds : seconds(report),
                CollectionConverters.asScala(figures(report)),
                warnings instanceof Collection<?> list
                        ? list.stream().map(String::valueOf).toArray(String[]::new)
                        : new String[0],
                json(report),
                null,
                null);
    }

    /** Of what was refused or failed. */
    Row failed(String code, @Nullable String error) {
        return row(null, null, null, null, null, null, code, error);
    }

    private Row row(
            @Nullable String answer,
            @Nullable Long answerBytes,
            @Nullable Double soundSeconds,
            @Nullable Object figures,
            String @Nullable [] warnings,
            @Nullable String report,
            @Nullable String code,
            @Nullable String error) {
        return RowFactory.create(
                recording.path(),
                recording.bytes(),
                new Timestamp(recording.modified()),
                options.endpoint().wireName(),
                options.told(),
                answer,
                answerBytes,
                soundSeconds,
                (System.nanoTime() - start) / 1e9,
                figures,
                warnings,
                report,
                code,
                error);
    }

    /** The numbers of a report; of a list, one an item, their mean. */
    static Map<String, Double> figures(Map<String, Object> report) {
        Map<String, Double> figures = new TreeMap<>();
        report.forEach((name, value) -> {
            if (value instanceof Number number) {
                figures.put(name, number.doubleValue());
            } else if (value instanceof List<?> list) {
                mean(list).ifPresent(mean -> figures.put(name, mean));
            }
        });
        return figures;
    }

    private static OptionalDouble mean(List<?> list) {
        return list.stream().allMatch(Number.class::isInstance)
                ? list.stream()
                        .mapToDouble(each -> ((Number) each).doubleValue())
                        .average()
                : OptionalDouble.empty();
    }

    private static @Nullable Double seconds(Map<String, Object> report) {
        return report.get("length") instanceof Number length
                        && report.get("sample_rate") instanceof Number rate
                        && rate.doubleValue() > 0
                ? (Double) (length.doubleValue() / rate.doubleValue())
                : null;
    }

    private static String json(Map<String, Object> report) {
        try {
            return MAPPER.writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report is maps, lists, numbers and words", e);
        }
    }
}
