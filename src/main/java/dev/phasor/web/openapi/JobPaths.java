package dev.phasor.web.openapi;

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
import java.util.Map;
import java.util.function.UnaryOperator;

/** The paths of jobs, and what makes a job of a request to an operation. */
final class JobPaths {

    private static final String JOB = "/v1/jobs/{id}";

    private JobPaths() {}

    /** @param named adds to a response what every response has */
    static void addTo(Paths paths, UnaryOperator<ApiResponse> named, UnaryOperator<ApiResponses> problems) {
        ApiResponse job = named.apply(json("the job"));
        ApiResponse nothing = named.apply(new ApiResponse().description("nothing"));
        paths.addPathItem(
                "/v1/jobs",
                new PathItem()
                        .get(operation(
                                "jobs", "the newest jobs of the key", problems, "200", named.apply(json("jobs")))));
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
        operation.getResponses().addApiResponse("202", named.apply(json("with Prefer: respond-async, the job")));
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

    private static ApiResponse json(String description) {
        return new ApiResponse()
                .description(description)
                .content(new Content().addMediaType("application/json", new MediaType().schema(Schemas.fields())));
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
