package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Recordings;
import dev.phasor.codec.NpyArray;
import dev.phasor.mel.MelPresets;
import dev.phasor.quality.Resampling;
import dev.phasor.signal.Shape;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Mels of speech with a second of digital silence, read by their own preset and by another. */
class MelPlausibilityTest {

    private static final List<String> CHECKS =
            List.of("below_floor", "floor_elsewhere", "no_logarithm", "far_from_converged", "too_loud");

    static List<String> presets() {
        return MelPresets.names();
    }

    @ParameterizedTest
    @MethodSource("presets")
    void ofTheRightPresetNothingIsSaid(String preset) {
        assertThat(warnings("mel=" + preset, "mel=" + preset)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "mel=hifigan power=2, mel=hifigan, too_loud",
        "mel=hifigan mel_norm=none, mel=hifigan, too_loud",
        "mel=hifigan, mel=hifigan log=log10, below_floor",
        "mel=hifigan, mel=hifigan log=log10, far_from_converged",
        "mel=hifigan log=log10, mel=hifigan, floor_elsewhere",
        "mel=hifigan log_floor=1e-9, mel=hifigan, below_floor",
        "mel=hifigan, mel=hifigan log_floor=1e-9, floor_elsewhere",
        "mel=hifigan log=none, mel=hifigan, no_logarithm",
        "mel=whisper log_range=20, mel=whisper, below_floor",
    })
    void ofAnotherItIsNamed(String made, String read, String name) {
        assertThat(warnings(made, read)).contains(name);
    }

    @Test
    void theFloorThatTheValuesShowIsSaid() {
        Answer answer = answer("mel=hifigan", "mel=hifigan log_floor=1e-9");
        assertThat(Objects.requireNonNull(answer.report().get("warnings")).toString())
                .contains("send log_floor=1.0E-5, or the logarithm that makes it a round number");
    }

    private static List<String> warnings(String made, String read) {
        Object warnings = answer(made, read).report().getOrDefault("warnings", List.of());
        return ((List<?>) Objects.requireNonNull(warnings))
                .stream()
                        .map(warning -> warning.toString().split(":")[0])
                        .filter(CHECKS::contains)
                        .toList();
    }

    private static Answer answer(String made, String read) {
        Map<String, String> parameters = parameters(made);
        int rate =
                Calls.call(Endpoint.MEL, new Inputs(), parameters).parameters().get(Parameter.SAMPLE_RATE);
        float[] speech = Resampling.of(
                Arrays.copyOfRange(Recordings.read(Recordings.speech()).samples(0), 16_000, 32_000), 16_000, rate);
        float[] samples = Arrays.copyOf(speech, speech.length * 2);
        NpyArray audio = NpyArray.real(Shape.of(samples.length), samples);
        NpyArray mel = Objects.requireNonNull(Calls.run(Endpoint.MEL, Calls.inputs("audio", audio), parameters)
                .arrays()
                .get("mel"));
        Map<String, String> back = parameters(read);
        back.put("n_iter", "16");
        return Calls.run(Endpoint.RECONSTRUCT, Calls.inputs("mel", mel), back);
    }

    private static Map<String, String> parameters(String named) {
        Map<String, String> parameters = new HashMap<>();
        for (String parameter : named.split(" ")) {
            parameters.put(parameter.split("=")[0], parameter.split("=")[1]);
        }
        return parameters;
    }
}
