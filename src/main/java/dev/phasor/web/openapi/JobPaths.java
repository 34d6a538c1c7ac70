package dev.phasor.web.openapi;

import dev.phasor.job.State;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.PathParameter;
import io.swagger.v3.oas.models.parameters.QueryParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The paths of jobs, and what makes a job of a request to an operation. */
final class JobPaths {

    /** The name of a job's schema. */
    static final String SCHEMA = "Job";

    private static final String JOB = "/v1/jobs/{id}";

    private JobPaths() {}

    /** What a job says of itself; what is not known yet is left out. */
    static Schema<Object> schema() {
        Schema<Object> state = Schemas.of("string");
        state.setEnum(Arrays.stream(State.values()).<Object>map(State::wireName).toList());
        Schema<Object> job = Schemas.of("object");
        job.addProperty("id", Schemas.of("string"));
        job.addProperty("operation", Schemas.of("string"));
        job.addProperty("state", state);
        job.addProperty("stage", Schemas.of("string"));
        job.addProperty("attempt", described("integer", "how often it was begun"));
        job.addProperty("iterations", described("integer", "those that every channel has run"));
        job.addProperty("n_iter", described("integer", "the most iterations"));
        job.addProperty("done", described("number", "the part of the work that is done, in 0..1"));
        job.addProperty("spectral_convergence_db", described("number", "of the worst channel, so far"));
        job.addProperty("seconds_left", Schemas.of("number"));
        for (String time : List.of("created", "started", "ended")) {
            job.addProperty(time, Schemas.of("string").format("date-time"));
        }
        job.addProperty("body_bytes", Schemas.of("integer"));
        job.addProperty("result", described("string", "the path of the result"));
        job.addProperty("result_status", described("integer", "the HTTP status of the result"));
        job.addProperty("result_bytes", Schemas.of("integer"));
        job.setRequired(List.of("id", "operation", "state", "stage", "attempt", "done", "created", "body_bytes"));
        return job;
    }

    private static Schema<Object> described(String type, String meaning) {
        Schema<Object> schema = Schemas.of(type);
        schema.setDescription(meaning);
        return schema;
    }

    /** @param named adds to a response what every response has */
    static void addTo(Paths paths, UnaryOperator<ApiResponse> named, UnaryOperator<ApiResponses> problems) {
        ApiResponse job = named.apply(json("the job", Schemas.reference(SCHEMA)));
        ApiResponse nothing = named.apply(new ApiResponse().description("nothing"));
        Schema<Object> list = Schemas.of("array");
        list.setItems(Schemas.reference(SCHEMA));
        Schema<Object> jobs = Schemas.of("object");
        jobs.addProperty("jobs", list);
        jobs.setRequired(List.of("jobs"));
        paths.addPathItem(
                "/v1/jobs",
                new PathItem()
                        .get(operation(
                                "jobs",
                                "the newest jobs of the key",
                                problems,
                                "200",
                                named.apply(json("jobs", jobs)))));
        paths.addPathItem(
                JOB,
                new PathItem()
                        .get(of("job", "how far a job is", problems, "200", job))
                        .delete(answering(
                                        of(
                                                "cancel_job",
                                                "cancels a job, 202, unless it has ended, 200; what it has reached is"
                                                        + " its result",
                                                problems,
                                                "202",
                                                job),
                                        Map.of("200", job, "204", nothing))
                                .addParametersItem(new QueryParameter()
                                        .name("forget")
                                        .description("removes a job that has ended, and its result: 204")
                                        .schema(Schemas.of("boolean")))));
        paths.addPathItem(
                JOB + "/events",
                new PathItem()
                        .get(answering(
                                        of(
                                                "job_events",
                                                "how far a job is, as server-sent events until it has ended",
                                                problems,
                                                "200",
                                                named.apply(new ApiResponse()
                                                        .description("events")
                                                        .content(new Content()
                                                                .addMediaType(
                                                                        "text/event-stream",
                                                                        new MediaType()
                                                                                .schema(Schemas.of("string")))))),
                                        Map.of("204", nothing))
                                .addParametersItem(header(
                                        "Last-Event-ID", "the id after which events are sent: 204 after the last"))));
        paths.addPathItem(
                JOB + "/result",
                new PathItem()
                        .get(of(
                                "job_result",
                                "what the operation answers",
                                problems,
                                "200",
                                named.apply(new ApiResponse()
                                        .description("the answer")
                                        .content(new Content()
                                                .addMediaType(
                                                        "application/octet-stream",
                                                        new MediaType().schema(Schemas.bytes())))))));
    }

    /** Adds what makes a job of an operation's request. */
    static void addTo(Operation operation, UnaryOperator<ApiResponse> named) {
        operation.addParametersItem(header("Prefer", "respond-async makes a job of the request"));
        operation.addParametersItem(header("Idempotency-Key", "of a job: the same key and request are one job"));
        operation
                .getResponses()
                .addApiResponse(
                        "202", named.apply(json("with Prefer: respond-async, the job", Schemas.reference(SCHEMA))));
        operation
                .getRequestBody()
                .getContent()
                .addMediaType(
                        "application/zip",
                        new MediaType()
                                .schema(described("string", "a batch of files, with Prefer: respond-async")
                                        .format("binary")));
    }

    private static Operation answering(Operation operation, Map<String, ApiResponse> more) {
        more.forEach(operation.getResponses()::addApiResponse);
        return operation;
    }

    private static Parameter header(String name, String meaning) {
        Schema<Object> text = Schemas.of("string");
        return new HeaderParameter()
                .name(name)
                .description(meaning)
                .required(false)
                .schema(text);
    }

    private static ApiResponse json(String description, Schema<Object> schema) {
        return new ApiResponse()
                .description(description)
                .content(new Content().addMediaType("application/json", new MediaType().schema(schema)));
    }

    private static Operation of(
            String id, String summary, UnaryOperator<ApiResponses> problems, String status, ApiResponse response) {
        return operation(id, summary, problems, status, response)
                .addParametersItem(new PathParameter().name("id").schema(Schemas.of("string")));
    }

    private static Operation operation(
            String id, String summary, UnaryOperator<ApiResponses> problems, String status, ApiResponse response) {
        return new Operation()
                .operationId(id)
                .summary(summary)
                .responses(problems.apply(new ApiResponses().addApiResponse(status, response)));
    }
}
