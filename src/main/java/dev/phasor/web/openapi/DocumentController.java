package dev.phasor.web.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.phasor.compute.ComputeSettings;
import dev.phasor.compute.Limits;
import dev.phasor.operation.Maxima;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.core.util.Yaml31;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.SpecVersion;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves the API's document. It is made once: it is the same for every client, and an answer that nobody reads holds no
 * copy of it.
 */
@RestController
class DocumentController {

    private final byte[] json;
    private final byte[] yaml;

    DocumentController(Limits limits, ComputeSettings compute) throws JsonProcessingException {
        OpenAPI document = new OpenAPI(SpecVersion.V31).openapi("3.1.0");
        new ServiceDocument(new Maxima(limits, compute)).writeTo(document);
        json = Json31.mapper().writeValueAsBytes(document);
        yaml = Yaml31.mapper().writeValueAsString(document).getBytes(StandardCharsets.UTF_8);
    }

    @GetMapping(path = "/v3/api-docs", produces = MediaType.APPLICATION_JSON_VALUE)
    void json(HttpServletResponse response) throws IOException {
        write(json, MediaType.APPLICATION_JSON_VALUE, response);
    }

    @GetMapping(path = "/v3/api-docs.yaml", produces = MediaType.APPLICATION_YAML_VALUE)
    void yaml(HttpServletResponse response) throws IOException {
        write(yaml, MediaType.APPLICATION_YAML_VALUE, response);
    }

    private static void write(byte[] document, String type, HttpServletResponse response) throws IOException {
        response.setContentType(type);
        response.setContentLength(document.length);
        response.getOutputStream().write(document);
    }
}
