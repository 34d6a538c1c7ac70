package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.Golden;
import dev.phasor.Signals;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyBytes;
import dev.phasor.mel.MelPresets;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Gradients of each preset's mel against float64 autograd of its trainer's formula, which central differences
 * confirmed; src/test/golden/mel_gradient.py. A third of the recordings is digital silence.
 */
class MelVjpTest {

    static List<String> presets() {
        return MelPresets.names();
    }

    @ParameterizedTest
    @MethodSource("presets")
    void isTheGradientOfTheTrainersFormula(String preset) throws IOException {
        float[] x = golden(preset + "/x").real();
        NpyArray cotangent = golden(preset + "/cotangent"); // [1, frames, mels]
        int frames = cotangent.shape().size(1);
        int mels = cotangent.shape().size(2);
        float[] turned = new float[frames * mels];
        for (int i = 0; i < turned.length; i++) {
            turned[i] = cotangent.real()[i % frames * mels + i / frames];
        }
        Answer answer = Calls.run(
                Endpoint.MEL_VJP,
                Calls.inputs(
                        "audio",
                        NpyArray.real(Shape.of(x.length), x),
                        "cotangent",
                        NpyArray.real(Shape.of(mels, frames), turned)),
                Map.of("mel", preset));
        NpyArray gradient = Objects.requireNonNull(answer.arrays().get("gradient"));
        float[] expected = golden(preset + "/gradient").real();
        assertThat(gradient.shape()).isEqualTo(Shape.of(x.length));
        assertThat(Signals.distance(gradient.real(), expected)).isLessThan(1e-5 * Signals.norm(expected));
        assertThat(answer.report()).containsEntry("saturated", 0L).containsEntry("mel", preset);
    }

    /** 1/f of the least floor is beyond double. */
    @Test
    void finiteAtAnyFloor() {
        for (String guard : new String[] {"add", "clamp"}) {
            for (String floor : new String[] {"0", "1e-310", "4.9e-324"}) {
                float[] cotangent = new float[8 * 17];
                Arrays.fill(cotangent, 1e30f);
                cotangent[3] = -1e30f;
                float[] x = new float[1024];
                x[900] = 1e-30f;
                Answer answer = Calls.run(
                        Endpoint.MEL_VJP,
                        Calls.inputs(
                                "audio",
                                NpyArray.real(Shape.of(1024), x),
                                "cotangent",
                                NpyArray.real(Shape.of(8, 17), cotangent)),
                        Map.of(
                                "n_fft",
                                "256",
                                "hop_length",
                                "64",
                                "n_mels",
                                "8",
                                "sample_rate",
                                "8000",
                                "log",
                                "ln",
                                "log_guard",
                                guard,
                                "log_floor",
                                floor));
                Signals.assertFinite(
                        Objects.requireNonNull(answer.arrays().get("gradient")).real());
            }
        }
    }

    @Test
    void aCotangentOfAnotherShape() {
        Inputs inputs = Calls.inputs(
                "audio",
                NpyArray.real(Shape.of(4000), new float[4000]),
                "cotangent",
                NpyArray.real(Shape.of(80, 3), new float[240]));
        assertThatThrownBy(() -> Calls.run(Endpoint.MEL_VJP, inputs, Map.of("mel", "hifigan")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("cotangent must have the shape [80, 15] of the mel, got [80, 3]");
    }

    private static NpyArray golden(String name) throws IOException {
        try (var zip = new ZipInputStream(new ByteArrayInputStream(Golden.bytes("gradient/mel.npz")))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().equals(name + ".npy")) {
                    return NpyBytes.read(zip.readAllBytes());
                }
            }
        }
        throw new IllegalArgumentException(name);
    }

    /** A scale that no float of a log-mel is in range with. */
    @Test
    void aLossThatLeavesTheRangeIsRefused() {
        NpyArray ones = NpyArray.complex(Shape.of(5, 9), filled(45), new float[45]);
        assertThatThrownBy(() -> Calls.run(
                        Endpoint.RECONSTRUCT_VJP,
                        Calls.inputs("spectrogram", ones, "target", NpyArray.real(Shape.of(16), filled(16))),
                        Map.of("loss", "mel", "sample_rate", "8000", "n_mels", "4", "log", "ln", "log_scale", "3e38")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("small enough for float32");
    }

    @Test
    void aMelOfNoItemsIsRefused() {
        NpyArray none = NpyArray.real(Shape.of(0, 80, 3), new float[0]);
        assertThatThrownBy(() -> Calls.run(
                        Endpoint.RECONSTRUCT, Calls.inputs("mel", none), Map.of("mel", "hifigan", "n_iter", "2")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("mel must have at least one item");
    }

    private static float[] filled(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
