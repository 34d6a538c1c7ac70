package dev.phasor.web.audio;

import static dev.phasor.signal.InvalidInputException.badParameter;
import static dev.phasor.signal.InvalidInputException.quoted;

import dev.phasor.codec.NpyArray;
import dev.phasor.operation.Input;
import dev.phasor.operation.Parameter;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Shape;
import dev.phasor.web.json.JsonFault;
import dev.phasor.web.json.NumberList;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.ObjectMapper;

/**
 * Reads {@code {"audio": [...], "n_fft": 512, ...}}. A nested list becomes a real array, {@code {"real": ..., "imag":
 * ...}} a complex array, and a scalar a parameter.
 */
final class JsonBody {

    /** The most fields of a body. A field takes many times its bytes in memory; the known names are fewer. */
    private static final int MOST_FIELDS = 256;

    private static final Set<String> PARTS = Set.of("real", "imag");

    private int fields;
    private final Map<String, NpyArray> arrays = new LinkedHashMap<>();
    private final Map<String, String> parameters = new LinkedHashMap<>();

    private JsonBody() {}

    static JsonBody read(InputStream in, ObjectMapper mapper) throws IOException {
        JsonBody body = new JsonBody();
        try (JsonParser parser = mapper.createParser(in)) {
            expect(parser.nextToken(), JsonToken.START_OBJECT, "the body");
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                body.field(parser, parser.currentName());
            }
            if (parser.nextToken() != null) {
                throw malformed("the body must be one object, got more after it");
            }
        } catch (JacksonException e) {
            throw JsonFault.of("the body", e);
        }
        return body;
    }

    Map<String, NpyArray> arrays() {
        return arrays;
    }

    Map<String, String> parameters() {
        return parameters;
    }

    private void field(JsonParser parser, String name) {
        JsonToken token = parser.nextToken();
        if (++fields > MOST_FIELDS) {
            throw malformed("the body must have at most " + MOST_FIELDS + " fields, got more");
        } else if (arrays.containsKey(name) || parameters.containsKey(name)) {
            throw malformed(quoted(name) + " must stand once, got it twice");
        } else if (token == JsonToken.START_ARRAY) {
            NumberList numbers = NumberList.read(parser, name);
            arrays.put(name, NpyArray.real(numbers.shape(name), numbers.values()));
        } else if (token == JsonToken.START_OBJECT) {
            arrays.put(name, complex(parser, name));
        } else if (token == JsonToken.VALUE_STRING && Input.find(name).isPresent() && !Parameter.exists(name)) {
            throw badParameter(
                    name,
                    "a nested list of numbers",
                    "a string (base64 is not read: send the file itself, for example as application/x-npy)");
        } else if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
            parameters.put(name, parser.getString());
        } else if (token != JsonToken.VALUE_NULL) {
            throw malformed(quoted(name) + " must be a nested list, an object of real and imag, or a scalar, got "
                    + JsonFault.name(token));
        }
    }

    private static NpyArray complex(JsonParser parser, String name) {
        Map<String, NumberList> parts = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String part = parser.currentName();
            if (!PARTS.contains(part) || parts.containsKey(part)) {
                throw malformed(quoted(name) + " must hold real and imag, each once, got " + quoted(part)
                        + (Parameter.exists(part) ? "; parameters stand beside the values" : ""));
            }
            expect(parser.nextToken(), JsonToken.START_ARRAY, name + "." + part);
            parts.put(part, NumberList.read(parser, name + "." + part));
        }
        NumberList real = parts.get("real");
        NumberList imag = parts.get("imag");
        if (real == null || imag == null) {
            throw malformed(quoted(name) + " must hold real and imag, got one or none of them");
        }
        Shape shape = real.shape(name + ".real");
        if (!shape.equals(imag.shape(name + ".imag"))) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    quoted(name) + ".imag must have the shape of real, " + shape + ", got "
                            + imag.shape(name + ".imag"));
        }
        return NpyArray.complex(shape, real.values(), imag.values());
    }

    private static void expect(@Nullable JsonToken token, JsonToken expected, String what) {
        if (token != expected) {
            throw malformed(quoted(what) + " must be "
                    + (expected == JsonToken.START_OBJECT ? "an object" : "a nested list of numbers") + ", got "
                    + JsonFault.name(token));
        }
    }

    private static InvalidInputException malformed(String message) {
        return new InvalidInputException(Code.MALFORMED_JSON, message);
    }
}
