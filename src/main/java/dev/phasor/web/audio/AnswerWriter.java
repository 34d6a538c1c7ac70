package dev.phasor.web.audio;

import static dev.phasor.signal.InvalidInputException.badParameter;
import static java.util.Objects.requireNonNull;

import dev.phasor.codec.FlacWriter;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyWriter;
import dev.phasor.codec.NpzWriter;
import dev.phasor.codec.WavEncoding;
import dev.phasor.codec.WavWriter;
import dev.phasor.compute.Turns;
import dev.phasor.operation.Answer;
import dev.phasor.operation.Call;
import dev.phasor.operation.Parameter;
import dev.phasor.operation.Parameters;
import dev.phasor.signal.AudioSignal;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import tools.jackson.databind.ObjectMapper;

/**
 * Writes an answer in the format that {@code response_format} names, else {@code Accept}, else in its default format.
 */
final class AnswerWriter {

    /** The header that carries the report of a binary response. */
    static final String REPORT = "Phasor-Report";

    private final ObjectMapper mapper;

    AnswerWriter(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /** @return the answer's report; for a sound file with {@code clipped}, the number of clipped samples */
    Map<String, Object> write(Answer answer, Call call, Sent request, Reply reply)
            throws IOException, HttpMediaTypeNotAcceptableException {
        Parameters parameters = call.parameters();
        Form form = form(forms(answer), parameters, request);
        Map<String, Object> report = answer.report();
        AudioSignal audio = answer.audio();
        WavEncoding encoding = encoding(form, parameters);
        if (!form.isSoundFile() && encoding != WavEncoding.FLOAT32) {
            throw badParameter(
                    "encoding",
                    "left out where the answer is " + form + ", whose values are float32",
                    Parameters.wire(encoding));
        }
        if (form.isSoundFile() && audio != null) {
            if (audio.sampleRate() == AudioSignal.UNKNOWN_RATE) {
                throw badParameter("sample_rate", "given to write " + form + " (or ask for application/x-npy)", "none");
            }
            if (form == Form.FLAC) {
                FlacWriter.check(audio.items(), audio.sampleRate());
                call.memory().add(FlacWriter.bytes(audio.items()), "the FLAC writer");
            }
            report = new LinkedHashMap<>(report);
            report.put("clipped", WavWriter.countClipped(audio, encoding));
        }
        reply.type(form.type().toString());
        if (answer.arrays().isEmpty()) {
            mapper.writeValue(reply.body(), report);
            return report;
        }
        if (form == Form.JSON) {
            Turns.write(reply.body(), out -> JsonAnswer.write(answer, audio, mapper, out));
            return report;
        }
        String name = answer.arrays().keySet().iterator().next();
        reply.header(REPORT, mapper.writeValueAsString(ReportHeader.of(report)));
        reply.header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + name + "." + form.extension() + "\"");
        OutputStream out = reply.body();
        switch (form) {
            case WAV -> WavWriter.write(requireNonNull(audio), encoding, out);
            case FLAC -> FlacWriter.write(requireNonNull(audio), encoding.bits(), out);
            case NPY -> {
                reply.length(NpyWriter.size(array(answer, name)));
                NpyWriter.write(array(answer, name), out);
            }
            case NPZ -> NpzWriter.write(answer.described(), answer.description(), out);
            case JSON -> throw new IllegalStateException("JSON was written above");
        }
        out.flush();
        return report;
    }

    /** The parameter {@code encoding}; without it float32, or 24-bit PCM for FLAC, which has no floats. */
    static WavEncoding encoding(Form form, Parameters parameters) {
        WavEncoding encoding =
                parameters.get(Parameter.ENCODING, form == Form.FLAC ? WavEncoding.PCM24 : WavEncoding.FLOAT32);
        if (form == Form.FLAC && encoding == WavEncoding.FLOAT32) {
            throw badParameter("encoding", "pcm16 or pcm24 to write FLAC", "float32");
        }
        return encoding;
    }

    private static NpyArray array(Answer answer, String name) {
        return requireNonNull(answer.arrays().get(name));
    }

    /** The formats that can hold the answer, its default first. */
    private static List<Form> forms(Answer answer) {
        if (answer.arrays().isEmpty()) {
            return List.of(Form.JSON);
        }
        if (answer.arrays().size() > 1) {
            return List.of(Form.NPZ, Form.JSON);
        }
        return answer.audio() == null ? Form.OF_ARRAY : Form.OF_AUDIO;
    }

    private static Form form(List<Form> possible, Parameters parameters, Sent request)
            throws HttpMediaTypeNotAcceptableException {
        @Nullable String wanted = parameters.find(Parameter.RESPONSE_FORMAT).orElse(null);
        if (wanted != null) {
            return possible.stream()
                    .filter(form -> form.extension().equals(wanted))
                    .findFirst()
                    .orElseThrow(() -> badParameter(
                            "response_format",
                            "one of " + possible.stream().map(Form::extension).toList() + " for this answer",
                            wanted));
        }
        @Nullable String header = request.header(HttpHeaders.ACCEPT);
        try {
            @Nullable Form accepted = Form.accepted(possible, header);
            if (accepted != null) {
                return accepted;
            }
        } catch (InvalidMediaTypeException e) {
            throw new HttpMediaTypeNotAcceptableException("Accept must hold media types, at most 50, got " + header);
        }
        throw new HttpMediaTypeNotAcceptableException("Accept must allow one of "
                + MediaType.toString(possible.stream().map(Form::type).toList()) + ", got " + header);
    }
}
