package dev.phasor.web.openapi;

import dev.phasor.decoder.ForeignFormat;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Input;
import dev.phasor.operation.Maxima;
import dev.phasor.operation.Parameter;
import dev.phasor.web.refusal.ProblemCode;
import dev.phasor.web.refusal.RequestId;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.QueryParameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Builds the OpenAPI document. {@code /v1} is derived from {@link Endpoint}, {@link Parameter} and {@link ProblemCode},
 * so that the document cannot differ from the code.
 */
final class ServiceDocument {

    /** Where the service is, as long as no request has told. */
    static final String SERVER = "SERVER";

    private static final List<String> ARRAYS = List.of("application/x-npy", "application/x-npz");

    private final Schemas schemas;

    ServiceDocument(Maxima maxima) {
        this.schemas = new Schemas(maxima);
    }

    /** Sets the paths and components of a document. */
    void writeTo(OpenAPI api) {
        api.setInfo(new Info()
                .title("Phasor")
                .version("1")
                .description("Audio phase reconstruction: STFT, safe phase, sound and gradients that are always finite")
                .license(new License().name("Apache License 2.0").identifier("Apache-2.0")));
        api.setServers(List.of(new Server().url(SERVER)));
        OpenAPI protocol = ProtocolPaths.read();
        api.setComponents(protocol.getComponents()
                .addSchemas("Complex", Schemas.complex())
                .addSchemas(JobPaths.SCHEMA, JobPaths.schema())
                .addSecuritySchemes(
                        "bearer",
                        new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer"))
                .addSecuritySchemes(
                        "header",
                        new SecurityScheme()
                                .type(SecurityScheme.Type.APIKEY)
                                .in(SecurityScheme.In.HEADER)
                                .name("X-API-Key")));
        api.setSecurity(List.of(
                new SecurityRequirement().addList("bearer"),
                new SecurityRequirement().addList("header"),
                new SecurityRequirement()));
        Paths paths = new Paths();
        for (Endpoint endpoint : Endpoint.values()) {
            paths.addPathItem("/v1/" + endpoint.wireName().replace('_', '/'), new PathItem().post(operation(endpoint)));
        }
        paths.addPathItem("/v1/algorithms", get("algorithms", "the ways from magnitudes to sound"));
        paths.addPathItem("/v1/mels", get("mels", "the presets of mels, with the parameters that each stands for"));
        paths.addPathItem("/v1/backends", get("backends", "what computes here, and why"));
        JobPaths.addTo(paths, ServiceDocument::named, ServiceDocument::problems);
        paths.putAll(protocol.getPaths());
        api.setPaths(paths);
    }

    private Operation operation(Endpoint endpoint) {
        Operation operation = new Operation()
                .operationId(endpoint.wireName())
                .summary(endpoint.summary())
                .requestBody(body(endpoint))
                .responses(problems(new ApiResponses().addApiResponse("200", answer(endpoint))));
        for (Parameter<?> parameter : endpoint.parameters()) {
            operation.addParametersItem(new QueryParameter()
                    .name(parameter.wireName())
                    .description(Schemas.description(parameter))
                    .required(false)
                    .schema(schemas.of(parameter)));
        }
        JobPaths.addTo(operation, ServiceDocument::named);
        return operation;
    }

    private static PathItem get(String name, String summary) {
        Content content = new Content().addMediaType("application/json", media(Schemas.fields()));
        return new PathItem()
                .get(new Operation()
                        .operationId(name)
                        .summary(summary)
                        .responses(problems(new ApiResponses()
                                .addApiResponse(
                                        "200",
                                        named(new ApiResponse()
                                                .description(summary)
                                                .content(content))))));
    }

    /** The request body: a single input in the formats that can hold it, several inputs in formats that name them. */
    private RequestBody body(Endpoint endpoint) {
        Content content = new Content();
        if (endpoint.inputs().contains(Input.AUDIO)) {
            content.addMediaType("audio/wav", media(Schemas.bytes()));
            content.addMediaType("audio/flac", media(Schemas.bytes()));
            for (ForeignFormat format : ForeignFormat.values()) {
                content.addMediaType(format.types().get(0), media(Schemas.bytes()));
            }
        }
        if (endpoint.inputs().contains(Input.FILE)) {
            ARRAYS.forEach(type -> content.addMediaType(type, media(Schemas.bytes())));
        } else {
            content.addMediaType("application/x-npz", media(Schemas.bytes()));
        }
        Schema<Object> json = Schemas.of("object");
        Schema<Object> form = Schemas.of("object");
        for (Input input : endpoint.inputs()) {
            form.addProperty(input.wireName(), Schemas.bytes());
            if (input != Input.FILE) {
                json.addProperty(
                        input.wireName(),
                        input == Input.SPECTROGRAM || input == Input.ESTIMATE
                                ? Schemas.reference("Complex")
                                : Schemas.array());
            }
        }
        for (Parameter<?> parameter : endpoint.parameters()) {
            json.addProperty(parameter.wireName(), schemas.of(parameter));
            form.addProperty(parameter.wireName(), schemas.of(parameter));
        }
        content.addMediaType("application/json", media(json).example(Examples.of(endpoint)));
        content.addMediaType("multipart/form-data", media(form));
        // Told apart by its first bytes.
        content.addMediaType("application/octet-stream", media(Schemas.bytes()));
        return new RequestBody().required(true).content(content);
    }

    private static ApiResponse answer(Endpoint endpoint) {
        Content content = new Content();
        Schema<Object> json = endpoint.outputs().isEmpty() ? Schemas.fields() : Schemas.of("object");
        if (endpoint.outputs().equals(List.of("audio"))) {
            content.addMediaType("audio/wav", media(Schemas.bytes()));
            content.addMediaType("audio/flac", media(Schemas.bytes()));
        }
        if (endpoint.outputs().size() == 1) {
            content.addMediaType("application/x-npy", media(Schemas.bytes()));
        }
        if (!endpoint.outputs().isEmpty()) {
            content.addMediaType("application/x-npz", media(Schemas.bytes()));
            // A gradient is a nested list or an object of real and imag, as the value that it belongs to.
            endpoint.outputs()
                    .forEach(name -> json.addProperty(
                            name, name.equals("spectrogram") ? Schemas.reference("Complex") : new JsonSchema()));
            json.addProperty("report", Schemas.fields());
        }
        content.addMediaType("application/json", media(json));
        ApiResponse response =
                named(new ApiResponse().description(endpoint.summary()).content(content));
        if (!endpoint.outputs().isEmpty()) {
            response.addHeaderObject("Phasor-Report", header("of binary answers: the report as one line of JSON"));
            response.addHeaderObject("Content-Disposition", header("of binary answers: a name for the file"));
        }
        return response;
    }

    /** Adds every error status with its codes. */
    private static ApiResponses problems(ApiResponses responses) {
        Map<Integer, List<String>> codes = Arrays.stream(ProblemCode.values())
                .collect(Collectors.groupingBy(
                        code -> code.status().value(),
                        TreeMap::new,
                        Collectors.mapping(ProblemCode::wireName, Collectors.toList())));
        codes.forEach((status, names) -> {
            ApiResponse response = named(new ApiResponse()
                    .description(String.join(", ", names))
                    .content(new Content().addMediaType("application/problem+json", media(Schemas.problem(names)))));
            if (status == 429 || status == 503) {
                response.addHeaderObject("Retry-After", header("seconds to wait"));
            } else if (status == 401) {
                response.addHeaderObject("WWW-Authenticate", header("how a key is given"));
            }
            responses.addApiResponse(String.valueOf(status), response);
        });
        return responses;
    }

    private static ApiResponse named(ApiResponse response) {
        return response.headers(
                new LinkedHashMap<>(Map.of(RequestId.HEADER, header("the request's name: its own where it sent one"))));
    }

    private static Header header(String description) {
        return new Header().description(description).schema(Schemas.of("string"));
    }

    private static MediaType media(Schema<Object> schema) {
        return new MediaType().schema(schema);
    }
}
