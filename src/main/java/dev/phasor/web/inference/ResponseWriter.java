package dev.phasor.web.inference;

import dev.phasor.codec.RawNumbers;
import dev.phasor.compute.Turns;
import dev.phasor.operation.Answer;
import dev.phasor.web.connection.BodyCoding;
import dev.phasor.web.model.Datatype;
import dev.phasor.web.model.InferRequest;
import dev.phasor.web.model.Model;
import dev.phasor.web.model.OutputTensor;
import dev.phasor.web.model.ReportParameters;
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

    private final ObjectMapper mapper;

    ResponseWriter(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    void write(InferRequest asked, Answer answer, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        List<OutputTensor> outputs = OutputTensor.of(asked, answer);
        List<OutputTensor> binary =
                outputs.stream().filter(OutputTensor::binary).toList();
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
                        .mapToLong(OutputTensor::bytes)
                        .sum()
                / Float.BYTES;
        asked.call().memory().add(TEXT_BYTES * values, "the answer's JSON object");
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        Turns.write(header, out -> json(asked, answer, outputs, out));
        response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
        response.setIntHeader(RequestReader.HEADER_LENGTH, header.size());
        if (BodyCoding.accepted(request) == BodyCoding.IDENTITY) {
            response.setContentLengthLong(header.size()
                    + binary.stream().mapToLong(OutputTensor::bytes).sum());
        }
        try (OutputStream out = open(request, response, response.getOutputStream())) {
            header.writeTo(out);
            for (OutputTensor output : binary) {
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

    private void json(InferRequest asked, Answer answer, List<OutputTensor> outputs, OutputStream out) {
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
            for (OutputTensor output : outputs) {
                tensor(output, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    private void parameters(Map<String, Object> report, JsonGenerator json) {
        json.writeStartObject();
        ReportParameters.of(report, mapper).forEach(json::writePOJOProperty);
        json.writeEndObject();
    }

    private static void tensor(OutputTensor output, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("name", output.name());
        json.writeStringProperty("datatype", Datatype.FP32.name());
        json.writeName("shape");
        int[] sizes = output.shape();
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
