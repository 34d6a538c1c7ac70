package dev.phasor.job;

import dev.phasor.job.Job.Result;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the columns of a job's row mean. */
final class JobRows {

    private JobRows() {}

    static Job job(ResultSet row, int number) throws SQLException {
        int status = row.getInt("result_status");
        @Nullable
        Result result = row.wasNull()
                ? null
                : new Result(status, headers(row.getString("result_headers")), row.getLong("result_bytes"));
        return new Job(
                row.getString("id"),
                row.getString("owner"),
                row.getString("client"),
                new KeptRequest(
                        row.getString("endpoint"),
                        row.getString("query"),
                        row.getString("content_type"),
                        row.getString("content_encoding"),
                        row.getString("accept")),
                row.getLong("body_bytes"),
                standing(row),
                row.getBoolean("cancel_asked"),
                row.getLong("created"),
                row.getObject("started", Long.class),
                row.getObject("ended", Long.class),
                result);
    }

    static Standing standing(ResultSet row) throws SQLException {
        return new Standing(
                State.of(row.getString("state")),
                row.getInt("attempt"),
                row.getString("stage"),
                row.getInt("iterations"),
                row.getInt("iterations_to_do"),
                row.getDouble("part_done"),
                row.getObject("spectral_convergence_db", Double.class),
                row.getObject("seconds_left", Double.class));
    }

    static String text(Map<String, String> headers) {
        StringBuilder text = new StringBuilder();
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return text.toString();
    }

    private static Map<String, String> headers(String text) {
        Map<String, String> headers = new LinkedHashMap<>();
        text.lines().forEach(line -> {
            int colon = line.indexOf(": ");
            headers.put(line.substring(0, colon), line.substring(colon + 2));
        });
        return headers;
    }
}
