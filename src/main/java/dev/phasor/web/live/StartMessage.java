package dev.phasor.web.live;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.WavEncoding;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Input;
import dev.phasor.operation.LiveOperations;
import dev.phasor.operation.Parameter;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.web.json.JsonFault;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * The message that starts a session.
 *
 * @param parameters those of the operation, as a request would send them
 * @param format of samples, in and out: float32 or pcm16
 */
record StartMessage(Endpoint operation, Map<String, String> parameters, WavEncoding format) {

    static StartMessage of(JsonNode message) {
        Map<String, String> parameters = new HashMap<>();
        message.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (Input.find(field.getKey()).isPresent() && !Parameter.exists(field.getKey())) {
                throw badParameter(
                        field.getKey(), "left out of a live session, which is fed binary messages alone", "it");
            }
            if (!value.isValueNode() || value.isNull()) {
                throw badParameter(
                        field.getKey(), "a string, a number, true or false", JsonFault.name(value.asToken()));
            }
            parameters.put(field.getKey(), value.asString());
        });
        parameters.remove("type");
        String name = parameters.remove("operation");
        Endpoint operation = LiveOperations.ALL.stream()
                .filter(each -> each.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> badParameter(
                        "operation",
                        "one of "
                                + LiveOperations.ALL.stream()
                                        .map(Endpoint::wireName)
                                        .collect(Collectors.joining(", ")),
                        name == null ? "none" : name));
        String format = parameters.remove("format");
        return new StartMessage(operation, parameters, format(format == null ? "float32" : format));
    }

    private static WavEncoding format(String format) {
        return switch (format) {
            case "float32" -> WavEncoding.FLOAT32;
            case "pcm16" -> WavEncoding.PCM16;
            default -> throw badParameter("format", "float32 or pcm16", format);
        };
    }

    /**
     * A text message.
     *
     * @throws InvalidInputException {@code MALFORMED_JSON}
     */
    static JsonNode json(String text, ObjectMapper mapper) {
        try {
            JsonNode message = mapper.readTree(text);
            if (message.isObject()) {
                return message;
            }
            throw new InvalidInputException(
                    Code.MALFORMED_JSON,
                    "a text message must be a JSON object with a type, got " + JsonFault.name(message.asToken()));
        } catch (JacksonException e) {
            try {
                throw JsonFault.of("a text message", e);
            } catch (IOException unreadable) {
                throw new InvalidInputException(Code.MALFORMED_JSON, "a text message cannot be read", unreadable);
            }
        }
    }
}
