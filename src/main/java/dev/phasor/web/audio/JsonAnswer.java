package dev.phasor.web.audio;

import dev.phasor.codec.NpyArray;
import dev.phasor.operation.Answer;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.Shape;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.ObjectMapper;

/** Writes an answer as one JSON object: arrays as nested lists, complex arrays as real and imag, and the report. */
final class JsonAnswer {

    private JsonAnswer() {}

    static void write(Answer answer, @Nullable AudioSignal audio, ObjectMapper mapper, OutputStream out) {
        try (JsonGenerator json = mapper.createGenerator(out)) {
            json.writeStartObject();
            for (Map.Entry<String, NpyArray> entry : answer.arrays().entrySet()) {
                json.writeName(entry.getKey());
                array(json, entry.getValue());
            }
            if (audio != null && audio.sampleRate() != AudioSignal.UNKNOWN_RATE) {
                json.writeNumberProperty("sample_rate", audio.sampleRate());
            }
            json.writePOJOProperty("report", answer.report());
            json.writeEndObject();
        }
    }

    private static void array(JsonGenerator json, NpyArray answered) {
        NpyArray array = answered.rowMajor();
        if (array.isComplex()) {
            json.writeStartObject();
            json.writeName("real");
            list(json, array.real(), array.shape(), 0, 0);
            json.writeName("imag");
            list(json, array.imaginary(), array.shape(), 0, 0);
            json.writeEndObject();
        } else {
            list(json, array.real(), array.shape(), 0, 0);
        }
    }

    /** Writes the list at {@code axis} that begins at {@code offset}, and returns the offset of the next list. */
    private static int list(JsonGenerator json, float[] values, Shape shape, int axis, int offset) {
        if (axis == shape.rank()) {
            json.writeNumber(values[offset]);
            return offset + 1;
        }
        json.writeStartArray();
        int next = offset;
        for (int i = 0; i < shape.size(axis); i++) {
            next = list(json, values, shape, axis + 1, next);
        }
        json.writeEndArray();
        return next;
    }
}
