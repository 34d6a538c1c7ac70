package dev.phasor.web.inference;

import static dev.phasor.signal.InvalidInputException.badParameter;
import static java.util.Objects.requireNonNull;

import dev.phasor.codec.NpyArray;
import dev.phasor.codec.RawNumbers;
import dev.phasor.compute.Turns;
import dev.phasor.operation.Answer;
import dev.phasor.signal.Shape;
import dev.phasor.web.connection.BodyCoding;
import dev.phasor.web.inference.InferRequest.Wanted;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.ObjectMapper;

/** Writes an inference response: the JSON object, then the binary data in the order of the outputs. */
final class ResponseWriter {

    /**
     * Bytes for a value in JSON: at most 16 with its comma, three times in a buffer that doubles while it is copied.
     */
    private static final long TEXT_BYTES = 3 * 16;

    /** A report's figures stand as text beside themselves, in a buffer that doubles while it is copied. */
    private static final int REPORT_TEXTS = 3;

    /** The shape of a scalar output: the protocol's tensors have at least one axis. */
    private static final Shape ONE = Shape.of(1);

    private final ObjectMapper mapper;

    ResponseWriter(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** An output with its values. */
    private record Output(String name, NpyArray array, boolean binary) {

        long bytes() {
            return (long) Float.BYTES * array.real().length;
        }
    }

    void write(InferRequest asked, Answer answer, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        List<Output> outputs = outputs(asked, answer);
        List<Output> binary = outputs.stream().filter(Output::binary).toList();
        asked.call().memory().add(REPORT_TEXTS * answer.reportBytes(), "the answer's report");
        if (binary.isEmpty()) {
            response.setContentType(MediaType.APPLICATION_JSON_VALUE);
            Turns.write(response.getOutputStream(), plain -> {
                try (OutputStream out = open(request, response, plain)) {
                    json(asked, answer, outputs, out);
                }
            });
            return;
        }
        long values = outputs.stream()
                        .filter(each -> !each.binary())
                        .mapToLong(Output::bytes)
                        .sum()
                / Float.BYTES;
        asked.call().memory().add(TEXT_BYTES * values, "the answer's JSON object");
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        Turns.write(header, out -> json(asked, answer, outputs, out));
        response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
        response.setIntHeader(RequestReader.HEADER_LENGTH, header.size());
        if (BodyCoding.accepted(request) == BodyCoding.IDENTITY) {
            response.setContentLengthLong(
                    header.size() + binary.stream().mapToLong(Output::bytes).sum());
        }
        try (OutputStream out = open(request, response, response.getOutputStream())) {
            header.writeTo(out);
            for (Output output : binary) {
                RawNumbers.write(output.array().real(), out);
            }
        }
    }

    private static OutputStream open(HttpServletRequest request, HttpServletResponse response, OutputStream plain)
            throws IOException {
        BodyCoding coding = BodyCoding.accepted(request);
        response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        if (coding != BodyCoding.IDENTITY) {
            response.setHeader(HttpHeaders.CONTENT_ENCODING, coding.wireName());
        }
        return coding.encode(plain);
    }

    private static List<Output> outputs(InferRequest asked, Answer answer) {
        Map<String, NpyArray> arrays = answer.arrays();
        if (asked.outputs().isEmpty()) {
            return arrays.entrySet().stream()
                    .map(entry -> new Output(entry.getKey(), entry.getValue(), asked.binary()))
                    .toList();
        }
        for (Wanted wanted : asked.outputs()) {
            if (!arrays.containsKey(wanted.name())) {
                throw badParameter("an output", "one that these inputs have, of " + arrays.keySet(), wanted.name());
            }
        }
        return asked.outputs().stream()
                .map(wanted -> new Output(wanted.name(), requireNonNull(arrays.get(wanted.name())), wanted.binary()))
                .toList();
    }

    private void json(InferRequest asked, Answer answer, List<Output> outputs, OutputStream out) {
        try (JsonGenerator json = mapper.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringProperty("model_name", asked.model().wireName());
            json.writeStringProperty("model_version", Model.VERSION);
            if (asked.id() != null) {
                json.writeStringProperty("id", asked.id());
            }
            json.writeName("parameters");
            parameters(answer.report(), json);
            json.writeArrayPropertyStart("outputs");
            for (Output output : outputs) {
                tensor(output, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    /**
     * Writes the report as parameters. The protocol's parameters are scalars, so any other value is written as JSON
     * text.
     */
    private void parameters(Map<String, Object> report, JsonGenerator json) {
        json.writeStartObject();
        report.forEach((name, value) -> {
            boolean scalar = value instanceof Number || value instanceof Boolean || value instanceof String;
            json.writePOJOProperty(name, scalar ? value : mapper.writeValueAsString(value));
        });
        json.writeEndObject();
    }

    private static void tensor(Output output, JsonGenerator json) {
        Shape shape = output.array().shape();
        json.writeStartObject();
        json.writeStringProperty("name", output.name());
        json.writeStringProperty("datatype", Datatype.FP32.name());
        json.writeName("shape");
        int[] sizes = (shape.rank() == 0 ? ONE : shape).toArray();
        json.writeArray(sizes, 0, sizes.length);
        if (output.binary()) {
            json.writeObjectPropertyStart("parameters");
            json.writeNumberProperty("binary_data_size", output.bytes());
            json.writeEndObject();
        } else {
            json.writeArrayPropertyStart("data");
            for (float value : output.array().real()) {
                json.writeNumber(value);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }
}
