package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Golden;
import dev.phasor.codec.NpyArray;
import dev.phasor.mel.MelPresets;
import dev.phasor.signal.Shape;
import java.nio.DoubleBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the trainers' own formulas in numpy; the files are written by src/test/golden/mel.py. */
class MelPresetsTest {

    static Stream<String> presets() {
        return new String(Golden.bytes("mel/presets.txt"), StandardCharsets.US_ASCII).lines();
    }

    @Test
    void eachHasItsFile() {
        assertThat(presets().map(line -> line.split(" ")[0])).containsExactlyInAnyOrderElementsOf(MelPresets.names());
    }

    @ParameterizedTest
    @MethodSource("presets")
    void valuesAndFramesAreTheTrainers(String line) {
        String[] fields = line.split(" ");
        int mels = Integer.parseInt(fields[2]);
        int frames = Integer.parseInt(fields[3]);
        NpyArray mel = mel(fields[0], samples(fields[1]));
        assertThat(mel.shape()).isEqualTo(Shape.of(mels, frames));
        DoubleBuffer expected = Golden.buffer("mel/" + fields[0] + ".f64").asDoubleBuffer();
        Map<String, String> preset = Objects.requireNonNull(MelPresets.all().get(fields[0]));
        boolean logarithm = !Objects.requireNonNull(preset.get("log")).equals("none");
        for (int frame = 0; frame < frames; frame++) {
            for (int i = 0; i < mels; i++) {
                double wanted = expected.get(frame * mels + i);
                // Floats of a frame's loudest bin: what is quieter than 1e-7 of it is rounding.
                double tolerance = logarithm ? 1e-5 * Math.max(1, Math.abs(wanted)) : 1e-5 * Math.abs(wanted) + 1e-9;
                assertThat((double) mel.real()[i * frames + frame])
                        .as("mel %s of frame %s", i, frame)
                        .isCloseTo(wanted, within(tolerance));
            }
        }
    }

    /**
     * Sound from each preset's mel has the length that it came from, and its mel is as near to the trainer's own
     * formula as the report says, and as docs/mel.md has it.
     */
    @ParameterizedTest
    @MethodSource("presets")
    void soundOfAMelHasTheMel(String line) {
        String[] fields = line.split(" ");
        float[] samples = samples(fields[1]);
        NpyArray mel = mel(fields[0], samples);
        Answer answer = Calls.run(
                Endpoint.RECONSTRUCT,
                Calls.inputs("mel", mel),
                Map.of("mel", fields[0], "length", "" + samples.length, "n_iter", "60"));
        NpyArray sound = Objects.requireNonNull(answer.arrays().get("audio"));
        assertThat(sound.shape()).isEqualTo(Shape.of(samples.length));
        // Half a second; the mean of whole recordings is lower (docs/mel.md).
        assertThat((Double) answer.report().get("mel_convergence_db")).isLessThan(-25.0);
        NpyArray again = mel(fields[0], sound.real());
        assertThat(again.shape()).isEqualTo(mel.shape());
        boolean logarithm = !preset(fields[0], "log").equals("none");
        double distance = logarithm ? nepers(fields, again.real()) : decibels(fields, again.real());
        double told =
                (Double) Objects.requireNonNull(answer.report().get(logarithm ? "log_mel_l1" : "mel_convergence_db"));
        assertThat(distance).isCloseTo(told, within(logarithm ? 1e-3 : 0.1)).isLessThan(0.035);
        assertThat(answer.report()).containsEntry("algorithm", "joint").containsEntry("mel", fields[0]);
    }

    /** The mean of |v - u|, u the trainer's values of the recording, in nepers of magnitude. */
    private static double nepers(String[] fields, float[] values) {
        double power = Double.parseDouble(preset(fields[0], "power"));
        double scale = Double.parseDouble(preset(fields[0], "log_scale"));
        double perNeper = switch (preset(fields[0], "log")) {
            case "ln" -> power;
            case "log10" -> power / Math.log(10);
            default -> 20 / Math.log(10);
        };
        double[] trainers = trainers(fields);
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += Math.abs(values[i] - trainers[i]);
        }
        return sum / values.length / (perNeper * scale);
    }

    /** 20 log10(||v - u|| / ||u||). */
    private static double decibels(String[] fields, float[] values) {
        double[] trainers = trainers(fields);
        double error = 0;
        double energy = 0;
        for (int i = 0; i < values.length; i++) {
            error += (values[i] - trainers[i]) * (values[i] - trainers[i]);
            energy += trainers[i] * trainers[i];
        }
        return 10 * Math.log10(error / energy);
    }

    private static String preset(String name, String parameter) {
        return Objects.requireNonNull(MelPresets.all().get(name)).getOrDefault(parameter, "1");
    }

    /** What the trainer's formula makes of the recording, [mel][frame]. */
    private static double[] trainers(String[] fields) {
        int mels = Integer.parseInt(fields[2]);
        int frames = Integer.parseInt(fields[3]);
        DoubleBuffer written = Golden.buffer("mel/" + fields[0] + ".f64").asDoubleBuffer();
        double[] turned = new double[mels * frames];
        for (int i = 0; i < turned.length; i++) {
            turned[i] = written.get(i % frames * mels + i / frames);
        }
        return turned;
    }

    private static NpyArray mel(String preset, float[] samples) {
        Answer answer = Calls.run(
                Endpoint.MEL,
                Calls.inputs("audio", NpyArray.real(Shape.of(samples.length), samples)),
                Map.of("mel", preset));
        return Objects.requireNonNull(answer.arrays().get("mel"));
    }

    private static float[] samples(String rate) {
        float[] samples = new float[Golden.bytes("mel/" + rate + ".f32").length / Float.BYTES];
        Golden.buffer("mel/" + rate + ".f32").asFloatBuffer().get(samples);
        return samples;
    }
}
