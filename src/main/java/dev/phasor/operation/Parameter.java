package dev.phasor.operation;

import dev.phasor.codec.SpectrogramLayout;
import dev.phasor.codec.WavEncoding;
import dev.phasor.gradient.Loss;
import dev.phasor.phase.Floor;
import dev.phasor.phase.GradientPolicy;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.Initialization;
import dev.phasor.stft.PadMode;
import dev.phasor.stft.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Every parameter that some {@link Endpoint} uses, as the API's document describes it. The ranges are described here
 * and enforced by {@link Parameters}, whether or not a value is used; a test asks the service for both sides of each.
 */
public enum Parameter {
    N_FFT(Type.INTEGER, "2048", 2, null, "samples", "samples of a frame; from a spectrogram 2 (bins - 1) unless given"),
    HOP_LENGTH(
            Type.INTEGER, null, 1, Integer.MAX_VALUE, "samples", "samples from frame to frame; n_fft/4 unless given"),
    WIN_LENGTH(Type.INTEGER, null, 1, null, "samples", "samples of the window, at most n_fft; n_fft unless given"),
    WINDOW("hann", "the periodic window", names(Window.Kind.values())),
    BETA(Type.NUMBER, "12", 0, 700, "", "of window=kaiser"),
    STD(Type.NUMBER, null, 0, null, "samples", "of window=gaussian, above 0; win_length/8 unless given"),
    CENTER(Type.BOOLEAN, "true", null, null, "", "frame t is centered on sample t hop_length"),
    PAD_MODE("constant", "what stands beyond the ends where centered", names(PadMode.values())),
    LENGTH(Type.INTEGER, null, 1, Integer.MAX_VALUE, "samples", "of the audio answered; the input's own where known"),
    SAMPLE_RATE(
            Type.INTEGER,
            null,
            1,
            Integer.MAX_VALUE,
            "Hz",
            "the file's unless given; needed to write WAV from a spectrogram"),
    GRADIENT_POLICY("clamped", "what the phase's gradient is below the floor", names(GradientPolicy.values())),
    FLOOR(Type.NUMBER, "1.0E-6", 0, Float.MAX_VALUE, "", "below which magnitude a bin is singular"),
    FLOOR_MODE("relative", "whether floor is times the largest magnitude of the item", names(Floor.Mode.values())),
    ALGORITHM("auto", "from magnitudes to sound; istft where a phase came in", algorithms()),
    N_ITER(
            Type.INTEGER,
            "100",
            1,
            null,
            "",
            "iterations, where the algorithm iterates; those on a part of the spectrum count as that part"),
    MOMENTUM(Type.NUMBER, "0.99", 0, 1, "", "of fast_griffinlim and agla"),
    TOLERANCE(
            Type.NUMBER,
            "0",
            0,
            Math.nextDown(1.0),
            "",
            "stop when spectral convergence changes by less than this part of itself; below 1, 0 is off"),
    INIT("pghi", "the phase to start from", names(Initialization.values())),
    SEED(Type.LONG, "0", Long.MIN_VALUE, Long.MAX_VALUE, "", "of every random phase"),
    POWER(Type.INTEGER, "1", 1, 2, "", "of a magnitude"),
    ENCODING(
            "float32",
            "of WAV and FLAC answers; FLAC knows no float32, and is pcm24 unless given",
            names(WavEncoding.values())),
    LOSS(null, "of the audio against target", names(Loss.values())),
    LAYOUT("complex", "of complex arrays; subbands is [batch, 2, bins, frames]", names(SpectrogramLayout.values())),
    INPUT(null, "what an array is; by its type and axes unless given", names(Inputs.Kind.values())),
    RESPONSE_FORMAT(null, "the answer's form; Accept unless given", List.of("wav", "flac", "npy", "npz", "json")),
    TIMEOUT(
            Type.NUMBER,
            null,
            0.001,
            null,
            "seconds",
            "that the request may wait and be computed, then 503 timeout; phasor.compute.timeout unless given"),
    LIMIT(Type.INTEGER, "10", 0, 10_000, "", "hazardous bins listed of each kind"),
    EPS(Type.NUMBER, null, 0, Float.MAX_VALUE, "", "replaces the recipes' constants"),
    FAIL_ON_ANOMALY(Type.BOOLEAN, "false", null, null, "", "422 anomaly where the naive gradient is not finite");

    /** What a value is. */
    public enum Type {
        INTEGER,
        LONG,
        NUMBER,
        BOOLEAN,
        CHOICE
    }

    private final Type type;
    private final @Nullable String fallback;
    private final @Nullable Number min;
    private final @Nullable Number max;
    private final String unit;
    private final String meaning;
    private final List<String> choices;

    Parameter(
            Type type,
            @Nullable String fallback,
            @Nullable Number min,
            @Nullable Number max,
            String unit,
            String meaning) {
        this.type = type;
        this.fallback = fallback;
        this.min = min;
        this.max = max;
        this.unit = unit;
        this.meaning = meaning;
        this.choices = List.of();
    }

    Parameter(@Nullable String fallback, String meaning, List<String> choices) {
        this.type = Type.CHOICE;
        this.fallback = fallback;
        this.min = null;
        this.max = null;
        this.unit = "";
        this.meaning = meaning;
        this.choices = choices;
    }

    /** As it stands in a request. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public Type type() {
        return type;
    }

    /** What stands for it where it is left out; null where that depends on the input. */
    public @Nullable String fallback() {
        return fallback;
    }

    /** The least value; null where there is none. */
    public @Nullable Number min() {
        return min;
    }

    /** The largest value; null where there is none, or a setting or another parameter bounds it. */
    public @Nullable Number max() {
        return max;
    }

    /** Empty for a number without one. */
    public String unit() {
        return unit;
    }

    public String meaning() {
        return meaning;
    }

    /** The values of a choice; empty for other types. */
    public List<String> choices() {
        return choices;
    }

    private static List<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants)
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    private static List<String> algorithms() {
        List<String> names = new ArrayList<>(names(Algorithm.values()));
        names.add(ReconstructOperation.ISTFT);
        return List.copyOf(names);
    }
}
