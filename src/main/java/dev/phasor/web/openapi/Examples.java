package dev.phasor.web.openapi;

import dev.phasor.operation.Endpoint;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON bodies that are small enough to be read and typed, and that the service answers as they stand. */
final class Examples {

    /** Four periods of a tone. */
    private static final List<Double> TONE =
            Collections.nCopies(4, List.of(0.0, 0.5, 1.0, 0.5, 0.0, -0.5, -1.0, -0.5)).stream()
                    .flatMap(List::stream)
                    .toList();

    /** Five bins, so n_fft is 8, of four frames. */
    private static final List<List<Double>> REAL = List.of(
            List.of(0.1, 0.2, 0.2, 0.1),
            List.of(0.5, -1.0, 1.0, -0.5),
            List.of(1.0, 2.0, -2.0, 1.0),
            List.of(0.0, 0.3, -0.3, 0.0),
            List.of(0.1, 0.0, 0.1, 0.0));

    private static final List<List<Double>> IMAGINARY = List.of(
            List.of(0.0, 0.0, 0.0, 0.0),
            List.of(0.5, 1.0, 1.0, 0.5),
            List.of(-1.0, 0.5, 0.5, -1.0),
            List.of(0.2, 0.1, 0.1, 0.2),
            List.of(0.0, 0.0, 0.0, 0.0));

    private static final List<List<Double>> MAGNITUDE =
            REAL.stream().map(row -> row.stream().map(Math::abs).toList()).toList();

    /** What models emit: an exact zero, and values whose square is 0 in float32. */
    private static final Map<String, Object> HAZARDOUS = complex(
            List.of(List.of(0.0, 1.0), List.of(1e-25, 0.5), List.of(1.0, -1.0)),
            List.of(List.of(0.0, 0.0), List.of(1e-25, 0.5), List.of(0.0, 0.0)));

    private Examples() {}

    static Map<String, Object> of(Endpoint endpoint) {
        return switch (endpoint) {
            case STFT -> body("audio", TONE, "n_fft", 8);
            case MEL -> body("audio", TONE, "sample_rate", 16000, "n_fft", 32, "n_mels", 4);
            case MEL_VJP ->
                body(
                        "audio",
                        TONE,
                        "cotangent",
                        Collections.nCopies(4, List.of(1.0, 0.5, 0.0, -0.5, -1.0)),
                        "sample_rate",
                        16000,
                        "n_fft",
                        32,
                        "n_mels",
                        4);
            case ISTFT -> body("spectrogram", complex(REAL, IMAGINARY), "sample_rate", 16000);
            case PHASE -> body("spectrogram", complex(REAL, IMAGINARY));
            case PHASE_VJP -> body("spectrogram", complex(REAL, IMAGINARY), "cotangent", REAL);
            case PHASE_DIAGNOSE -> body("spectrogram", HAZARDOUS);
            case RECONSTRUCT -> body("audio", TONE, "sample_rate", 16000, "n_fft", 8, "algorithm", "griffinlim");
            case RECONSTRUCT_VJP ->
                body("spectrogram", complex(REAL, IMAGINARY), "target", TONE.subList(0, 6), "loss", "mse");
            case EVALUATE ->
                body("audio", TONE, "reference", TONE.stream().map(x -> 0.9 * x).toList(), "n_fft", 8);
            case STRETCH -> body("audio", TONE, "n_fft", 8, "rate", 0.8);
            case SEPARATE -> body("audio", TONE.subList(0, 6), "magnitude", List.of(MAGNITUDE, MAGNITUDE));
            case SEPARATE_VJP ->
                body(
                        "audio",
                        TONE.subList(0, 6),
                        "magnitude",
                        List.of(MAGNITUDE, MAGNITUDE),
                        "cotangent",
                        List.of(TONE.subList(0, 6), TONE.subList(6, 12)));
        };
    }

    private static Map<String, Object> complex(List<List<Double>> real, List<List<Double>> imaginary) {
        return body("real", real, "imag", imaginary);
    }

    /** Names and values in turns, in this order. */
    private static Map<String, Object> body(Object... namesAndValues) {
        Map<String, Object> body = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            body.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return body;
    }
}
