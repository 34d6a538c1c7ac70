package dev.phasor.spark;

import static dev.phasor.signal.InvalidInputException.badParameter;
import static java.util.Objects.requireNonNull;

import dev.phasor.codec.FlacWriter;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyWriter;
import dev.phasor.codec.NpzWriter;
import dev.phasor.codec.WavEncoding;
import dev.phasor.codec.WavWriter;
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

/**
 * An answer as a file, in the format that {@code response_format} names: the bytes that the service answers.
 *
 * @param extension of its name, without a dot; empty where the report is the answer, which has no file
 * @param report with {@code clipped}, the number of clipped samples, of a sound file
 */
record AnswerFile(Answer answer, String extension, WavEncoding encoding, Map<String, Object> report) {

    /** @throws dev.phasor.signal.InvalidInputException {@code BAD_PARAMETER} for a format that cannot hold it */
    static AnswerFile of(Answer answer, Call call) {
        Parameters parameters = call.parameters();
        String form = form(answer, parameters);
        WavEncoding encoding = encoding(form, parameters);
        Map<String, Object> report = new LinkedHashMap<>(answer.report());
        AudioSignal audio = answer.audio();
        if (audio != null && (form.equals("wav") || form.equals("flac"))) {
            if (audio.sampleRate() == AudioSignal.UNKNOWN_RATE) {
                throw badParameter("sample_rate", "given to write " + form + " (or response_format=npy)", "none");
            }
            if (form.equals("flac")) {
                FlacWriter.check(audio.items(), audio.sampleRate());
                call.memory().add(FlacWriter.bytes(audio.items()), "the FLAC writer");
            }
            report.put("clipped", WavWriter.countClipped(audio, encoding));
        }
        return new AnswerFile(answer, form, encoding, report);
    }

    boolean exists() {
        return !extension.isEmpty();
    }

    void write(OutputStream out) throws IOException {
        switch (extension) {
            case "wav" -> WavWriter.write(requireNonNull(answer.audio()), encoding, out);
            case "flac" -> FlacWriter.write(requireNonNull(answer.audio()), encoding.bits(), out);
            case "npy" -> NpyWriter.write(first(), out);
            default -> NpzWriter.write(answer.arrays(), answer.description(), out);
        }
        out.flush();
    }

    private NpyArray first() {
        return answer.arrays().values().iterator().next();
    }

    private static WavEncoding encoding(String form, Parameters parameters) {
        boolean flac = form.equals("flac");
        WavEncoding encoding = parameters.get(Parameter.ENCODING, flac ? WavEncoding.PCM24 : WavEncoding.FLOAT32);
        if (flac && encoding == WavEncoding.FLOAT32) {
            throw badParameter("encoding", "pcm16 or pcm24 to write FLAC", "float32");
        }
        return encoding;
    }

    private static String form(Answer answer, Parameters parameters) {
        if (answer.arrays().isEmpty()) {
            return "";
        }
        List<String> possible = answer.arrays().size() > 1
                ? List.of("npz")
                : answer.audio() == null ? List.of("npy", "npz") : List.of("wav", "flac", "npy", "npz");
        @Nullable String wanted = parameters.find(Parameter.RESPONSE_FORMAT).orElse(null);
        if (wanted != null && !possible.contains(wanted)) {
            throw badParameter("response_format", "one of " + possible + " for these files", wanted);
        }
        return wanted == null ? possible.get(0) : wanted;
    }
}
