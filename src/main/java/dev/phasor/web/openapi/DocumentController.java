package dev.phasor.web.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.phasor.compute.ComputeSettings;
import dev.phasor.compute.Limits;
import dev.phasor.operation.Maxima;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.core.util.Yaml31;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.SpecVersion;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Serves the API's document. It is made once, for the first who asks: it is the same for every client but for the path
 * prefix that the client came by, and an answer that nobody reads holds no copy of it.
 */
@RestController
class DocumentController {

    private final SingletonSupplier<Documents> documents;

    DocumentController(Limits limits, ComputeSettings compute) {
        documents = SingletonSupplier.of(() -> Documents.of(new Maxima(limits, compute)));
    }

    private record Documents(Document json, Document yaml) {

        static Documents of(Maxima maxima) {
            OpenAPI document = new OpenAPI(SpecVersion.V31).openapi("3.1.0");
            new ServiceDocument(maxima).writeTo(document);
            try {
                return new Documents(
                        Document.of(Json31.mapper().writeValueAsString(document), "\"" + ServiceDocument.SERVER + "\""),
                        Document.of(Yaml31.mapper().writeValueAsString(document), ServiceDocument.SERVER));
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What stands before and behind the server's URL. */
    private record Document(byte[] before, byte[] behind) {

        static Document of(String text, String server) {
            int at = text.indexOf(server);
            return new Document(
                    text.substring(0, at).getBytes(StandardCharsets.UTF_8),
                    text.substring(at + server.length()).getBytes(StandardCharsets.UTF_8));
        }

        /** The URL has no host: it would be the one that this request names. */
        void write(HttpServletRequest request, String type, HttpServletResponse response) throws IOException {
            String prefix = request.getContextPath();
            // A string of JSON is one of YAML.
            byte[] server = Json31.mapper().writeValueAsBytes(prefix.isEmpty() ? "/" : prefix);
            response.setContentType(type);
            response.setContentLength(before.length + server.length + behind.length);
            OutputStream out = response.getOutputStream();
            out.write(before);
            out.write(server);
            out.write(behind);
        }
    }

    @GetMapping(path = "/v3/api-docs", produces = MediaType.APPLICATION_JSON_VALUE)
    void json(HttpServletRequest request, HttpServletResponse response) throws IOException {
        documents.obtain().json().write(request, MediaType.APPLICATION_JSON_VALUE, response);
    }

    @GetMapping(path = "/v3/api-docs.yaml", produces = MediaType.APPLICATION_YAML_VALUE)
    void yaml(HttpServletRequest request, HttpServletResponse response) throws IOException {
        documents.obtain().yaml().write(request, MediaType.APPLICATION_YAML_VALUE, response);
    }
}
