package dev.phasor.web.job;

import dev.phasor.job.Job;
import dev.phasor.job.Standing;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.ObjectMapper;

/** Jobs and their events as JSON. */
final class JobDocuments {

    private final ObjectMapper mapper;

    JobDocuments(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** Where a job is for the client of a request, which may have come by a prefix. */
    static String path(HttpServletRequest request, String id) {
        return request.getContextPath() + "/v1/jobs/" + id;
    }

    /** What is known of a job. What is not known yet is left out. */
    static Map<String, Object> of(Job job, HttpServletRequest request) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", job.id());
        fields.put("operation", job.request().endpoint());
        putAll(fields, job.standing());
        put(fields, "created", time(job.created()));
        put(fields, "started", time(job.started()));
        put(fields, "ended", time(job.ended()));
        fields.put("body_bytes", job.bodyBytes());
        Job.Result result = job.result();
        if (result != null) {
            fields.put("result", path(request, job.id()) + "/result");
            fields.put("result_status", result.status());
            fields.put("result_bytes", result.bytes());
        }
        return fields;
    }

    void write(Job job, HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        mapper.writeValue(response.getOutputStream(), of(job, request));
    }

    /** Writes each job when it comes. */
    void writeAll(Stream<Job> jobs, HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        try (JsonGenerator out = mapper.createGenerator(response.getOutputStream())) {
            out.writeStartObject();
            out.writeArrayPropertyStart("jobs");
            jobs.forEach(job -> out.writePOJO(of(job, request)));
            out.writeEndArray();
            out.writeEndObject();
        }
    }

    /** An event's data, on one line. */
    String of(String id, Job.Event event) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", id);
        putAll(fields, event.standing());
        put(fields, "at", time(event.at()));
        return mapper.writeValueAsString(fields);
    }

    private static void putAll(Map<String, Object> fields, Standing standing) {
        fields.put("state", standing.state().wireName());
        fields.put("stage", standing.stage());
        fields.put("attempt", standing.attempt());
        if (standing.iterationsToDo() > 0) {
            fields.put("iterations", standing.iterations());
            fields.put("n_iter", standing.iterationsToDo());
        }
        fields.put("done", Math.rint(1e4 * standing.partDone()) / 1e4);
        put(fields, "spectral_convergence_db", standing.convergenceDb());
        put(fields, "seconds_left", standing.secondsLeft());
    }

    private static void put(Map<String, Object> fields, String name, @Nullable Object value) {
        if (value != null) {
            fields.put(name, value);
        }
    }

    private static @Nullable String time(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis).toString();
    }
}
