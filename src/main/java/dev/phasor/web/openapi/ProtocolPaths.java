package dev.phasor.web.openapi;

import static java.util.Objects.requireNonNull;

import dev.phasor.web.refusal.ProblemCode;
import io.swagger.v3.core.util.Yaml31;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The paths of {@code /v2} and the components that they refer to, from {@code openapi/inference-protocol.yaml}. */
final class ProtocolPaths {

    private ProtocolPaths() {}

    /** Reads the resource. Each call gives a new document, which its caller may change. */
    static OpenAPI read() {
        try (InputStream yaml =
                requireNonNull(ProtocolPaths.class.getResourceAsStream("/openapi/inference-protocol.yaml"))) {
            OpenAPI protocol = Yaml31.mapper().readValue(yaml, OpenAPI.class);
            protocol.getPaths().values().stream()
                    .flatMap(path -> path.readOperations().stream())
                    .forEach(ProtocolPaths::addErrors);
            return protocol;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addErrors(Operation operation) {
        Schema<Object> error = Schemas.of("object");
        error.addProperty("error", Schemas.of("string"));
        error.setRequired(List.of("error"));
        Content content = new Content().addMediaType("application/json", new MediaType().schema(error));
        for (ProblemCode code : ProblemCode.values()) {
            operation
                    .getResponses()
                    .put(
                            String.valueOf(code.status().value()),
                            new ApiResponse().description("what is wrong").content(content));
        }
    }
}
