package dev.phasor.web.inference;

import static dev.phasor.signal.InvalidInputException.badParameter;
import static dev.phasor.signal.InvalidInputException.quoted;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Shape;
import dev.phasor.web.json.JsonFault;
import dev.phasor.web.json.NumberList;
import dev.phasor.web.model.Datatype;
import dev.phasor.web.model.RequestParts;
import dev.phasor.web.model.Scalar;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.ObjectMapper;

/**
 * The JSON object of an inference request, with its fields in any order. Fields that the protocol does not have are
 * skipped: clients add their own, such as {@code model_name}. A null value counts as a missing field. The file is long
 * because every field is checked and counted where it is read: bound objects would be in memory before.
 */
final class RequestJson {

    /**
     * The most fields of an object, elements of a list other than data, and skipped names. Each takes many times its
     * bytes in memory; real requests have a handful.
     */
    private static final int MOST = 256;

    /** The most fields and elements of a whole request: an input has some ten. */
    private static final int MOST_TOGETHER = 2048;

    private final JsonParser parser;
    private int together;
    private int passedOver;

    private @Nullable String id;
    private Map<String, Scalar> parameters = Map.of();
    private final List<Input> inputs = new ArrayList<>();
    private final List<RequestParts.Output> outputs = new ArrayList<>();

    /** An element of {@code inputs}; {@code place} is its place in the request, for messages. */
    record Input(
            String place,
            String name,
            Shape shape,
            Datatype datatype,
            Map<String, Scalar> parameters,
            @Nullable NumberList data) {}

    private RequestJson(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * @throws InvalidInputException {@code MALFORMED_JSON} if the text is not JSON, or not a request of the protocol
     */
    static RequestJson read(InputStream in, ObjectMapper mapper) throws IOException {
        try (JsonParser parser = mapper.createParser(in)) {
            RequestJson request = new RequestJson(parser);
            parser.nextToken();
            request.object("the request", request::field);
            if (!request.isOver()) {
                throw malformed("the request must be one JSON object, got more after it"
                        + " (binary data needs Inference-Header-Content-Length)");
            }
            return request;
        } catch (JacksonException e) {
            throw JsonFault.of("the request", e);
        }
    }

    /**
     * Whether nothing follows the object. Bytes that are not JSON count as more: they may be binary data of a request
     * without the header that gives the object's length.
     */
    private boolean isOver() {
        try {
            return parser.nextToken() == null;
        } catch (JacksonIOException e) {
            throw e;
        } catch (JacksonException e) {
            return false;
        }
    }

    @Nullable
    String id() {
        return id;
    }

    Map<String, Scalar> parameters() {
        return parameters;
    }

    List<Input> inputs() {
        return inputs;
    }

    List<RequestParts.Output> outputs() {
        return outputs;
    }

    private void field(String name) {
        switch (name) {
            case "id" -> id = shortString("id");
            case "parameters" -> parameters = scalars("parameters");
            case "inputs" -> list("inputs", place -> inputs.add(input(place)));
            case "outputs" -> list("outputs", place -> outputs.add(output(place)));
            default -> passOver();
        }
    }

    private Input input(String place) {
        Map<String, Object> fields = new LinkedHashMap<>();
        object(place, field -> {
            String what = place + "." + field;
            switch (field) {
                case "name" -> fields.put(field, string(what));
                case "shape" -> fields.put(field, shape(what));
                case "datatype" -> fields.put(field, Datatype.of(string(what), what));
                case "parameters" -> fields.put(field, scalars(what));
                case "data" -> {
                    expect(JsonToken.START_ARRAY, what, "a list of numbers");
                    fields.put(field, NumberList.read(parser, what));
                }
                default -> passOver();
            }
        });
        return new Input(
                place,
                required(fields, String.class, place, "name"),
                required(fields, Shape.class, place, "shape"),
                required(fields, Datatype.class, place, "datatype"),
                parameters(fields),
                (NumberList) fields.get("data"));
    }

    private RequestParts.Output output(String place) {
        Map<String, Object> fields = new LinkedHashMap<>();
        object(place, field -> {
            String what = place + "." + field;
            switch (field) {
                case "name" -> fields.put(field, string(what));
                case "parameters" -> fields.put(field, scalars(what));
                default -> passOver();
            }
        });
        return new RequestParts.Output(place, required(fields, String.class, place, "name"), parameters(fields));
    }

    private static <T> T required(Map<String, Object> fields, Class<T> type, String place, String field) {
        Object value = fields.get(field);
        if (value == null) {
            throw malformed(place + "." + field + " must be given, got none");
        }
        return type.cast(value);
    }

    @SuppressWarnings("unchecked") // Only scalars() puts a value there.
    private static Map<String, Scalar> parameters(Map<String, Object> fields) {
        return (Map<String, Scalar>) fields.getOrDefault("parameters", Map.of());
    }

    /** A name that is sent back: it is held until the answer is read. */
    private String shortString(String what) {
        String text = string(what);
        if (text.length() > RequestParts.LONGEST_ID) {
            throw badParameter(what, "at most " + RequestParts.LONGEST_ID + " characters", text.length() + " of them");
        }
        return text;
    }

    /** Reads an object. {@code field} is called at the first token of each value and returns at its last. */
    private void object(String what, Consumer<String> field) {
        expect(JsonToken.START_OBJECT, what, "an object");
        Set<String> names = new HashSet<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            few(names.size() + 1, "fields of " + what);
            if (!names.add(name)) {
                throw malformed(quoted(name) + " of " + what + " must stand once, got it twice");
            }
            if (parser.nextToken() != JsonToken.VALUE_NULL) {
                field.accept(name);
            }
        }
    }

    private void list(String what, Consumer<String> element) {
        expect(JsonToken.START_ARRAY, what, "a list");
        for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
            few(i + 1, what);
            element.accept(what + "[" + i + "]");
        }
    }

    /** Skips a value, from its first token to its last, and counts its names: the parser keeps each name in memory. */
    private void passOver() {
        int depth = 0;
        do {
            JsonToken token = parser.currentToken();
            if (token == JsonToken.PROPERTY_NAME) {
                few(++passedOver, "names that the protocol does not have");
            } else if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            }
        } while (depth > 0 && parser.nextToken() != null);
    }

    private void few(int count, String what) {
        if (count > MOST) {
            throw malformed(quoted(what) + " must be at most " + MOST + " in number, got more");
        } else if (++together > MOST_TOGETHER) {
            throw malformed("the fields and elements of the request must be at most " + MOST_TOGETHER + ", got more");
        }
    }

    private Shape shape(String what) {
        List<Integer> sizes = new ArrayList<>();
        list(what, place -> {
            expect(JsonToken.VALUE_NUMBER_INT, place, "a whole number");
            long size = parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? -1 : parser.getLongValue();
            if (size < 0 || size > Integer.MAX_VALUE) {
                throw malformed(place + " must be in 0.." + Integer.MAX_VALUE + ", got " + quoted(parser.getString()));
            }
            sizes.add((int) size);
        });
        try {
            return Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray());
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(Code.TOO_LARGE, what + ": " + e.getMessage(), e);
        }
    }

    private Map<String, Scalar> scalars(String what) {
        Map<String, Scalar> scalars = new LinkedHashMap<>();
        object(what, name -> {
            JsonToken token = parser.currentToken();
            if (!token.isScalarValue()) {
                throw malformed(what + "." + quoted(name) + " must be a string, a number or a boolean, got "
                        + JsonFault.name(token));
            }
            scalars.put(name, new Scalar(kind(token), parser.getString()));
        });
        return scalars;
    }

    private static Scalar.Kind kind(JsonToken token) {
        return switch (token) {
            case VALUE_TRUE, VALUE_FALSE -> Scalar.Kind.FLAG;
            case VALUE_NUMBER_INT -> Scalar.Kind.WHOLE;
            case VALUE_NUMBER_FLOAT -> Scalar.Kind.NUMBER;
            default -> Scalar.Kind.TEXT;
        };
    }

    private String string(String what) {
        expect(JsonToken.VALUE_STRING, what, "a string");
        String text = parser.getString();
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw malformed(what + " must be Unicode text, got half a surrogate pair");
        }
        return text;
    }

    private void expect(JsonToken expected, String what, String rule) {
        @Nullable JsonToken token = parser.currentToken();
        if (token != expected) {
            throw malformed(what + " must be " + rule + ", got " + JsonFault.name(token));
        }
    }

    private static InvalidInputException malformed(String message) {
        return new InvalidInputException(Code.MALFORMED_JSON, message);
    }
}
