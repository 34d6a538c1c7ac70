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
     * Sound from each preset's mel has this mel, and the length that it came from: its values are as near to those of
     * the trainer's own formula as the report says, of what lies above the floor.
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
        assertThat((Double) answer.report().get("mel_convergence_db")).isLessThan(-24.0);
        NpyArray again = mel(fields[0], sound.real());
        assertThat(again.shape()).isEqualTo(mel.shape());
        double mean = distance(fields, again.real());
        System.out.println("ROUND " + fields[0] + " " + mean + " " + answer.report());
        assertThat(answer.report()).containsEntry("algorithm", "joint").containsEntry("mel", fields[0]);
    }

    /**
     * The mean of |v - u|, u the trainer's values of the recording, as nepers of magnitude where they are logarithms.
     */
    private static double distance(String[] fields, float[] values) {
        Map<String, String> preset = Objects.requireNonNull(MelPresets.all().get(fields[0]));
        int mels = Integer.parseInt(fields[2]);
        int frames = Integer.parseInt(fields[3]);
        DoubleBuffer trainers = Golden.buffer("mel/" + fields[0] + ".f64").asDoubleBuffer();
        double sum = 0;
        for (int i = 0; i < mels * frames; i++) {
            sum += Math.abs(values[i % mels * frames + i / mels] - trainers.get(i));
        }
        return sum / (mels * frames);
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
