package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Signals;
import dev.phasor.codec.NpyArray;
import dev.phasor.signal.Shape;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Figures of transforms that have no inverse. */
class EvaluateTest {

    private static final NpyArray AUDIO = NpyArray.real(Shape.of(3000), Signals.noise(1, 3000));
    private static final NpyArray REFERENCE = NpyArray.real(Shape.of(3000), Signals.noise(2, 3000));

    private static float[] magnitude(NpyArray audio, Map<String, String> parameters) {
        Map<String, String> all = new HashMap<>(parameters);
        all.put("output", "magnitude");
        Answer answer = Calls.run(Endpoint.STFT, Calls.inputs("audio", audio), all);
        return Objects.requireNonNull(answer.arrays().get("magnitude")).real();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hop_length=100", "hop_length=64"})
    void onlyTheInconsistencyTakesAnInverse(String how) {
        Map<String, String> parameters = new HashMap<>(Map.of("n_fft", "64"));
        for (String one : how.split(" ")) {
            parameters.put(one.substring(0, one.indexOf('=')), one.substring(one.indexOf('=') + 1));
        }
        Map<String, Object> report = Calls.run(
                        Endpoint.EVALUATE, Calls.inputs("audio", AUDIO, "reference", REFERENCE), parameters)
                .report();
        float[] y = magnitude(AUDIO, parameters);
        float[] m = magnitude(REFERENCE, parameters);
        double error = 0;
        double energy = 0;
        for (int i = 0; i < m.length; i++) {
            error += ((double) y[i] - m[i]) * ((double) y[i] - m[i]);
            energy += (double) m[i] * m[i];
        }
        assertThat((Double) Objects.requireNonNull(report.get("spectral_convergence_db")))
                .isCloseTo(10 * Math.log10(error / energy), within(1e-3));
        assertThat(report)
                .containsKeys("log_spectral_distance_db", "snr_db", "si_sdr_db")
                .containsEntry("length", (long) AUDIO.shape().size(-1))
                .doesNotContainKey("inconsistency_db");
    }

    @Test
    void aMelTakesNone() {
        Map<String, String> parameters =
                Map.of("n_fft", "64", "hop_length", "100", "n_mels", "8", "sample_rate", "16000");
        NpyArray mel = Objects.requireNonNull(Calls.run(Endpoint.MEL, Calls.inputs("audio", AUDIO), parameters)
                .arrays()
                .get("mel"));
        Map<String, Object> report = Calls.run(Endpoint.EVALUATE, Calls.inputs("audio", AUDIO, "mel", mel), parameters)
                .report();

        assertThat((Double) Objects.requireNonNull(report.get("mel_convergence_db")))
                .isLessThan(-120);
    }
}
