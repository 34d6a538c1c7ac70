package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;
import static java.util.Objects.requireNonNull;

import dev.phasor.codec.SpectrogramLayout;
import dev.phasor.codec.WavEncoding;
import dev.phasor.gradient.Loss;
import dev.phasor.mel.MelGuard;
import dev.phasor.mel.MelLog;
import dev.phasor.mel.MelNorm;
import dev.phasor.mel.MelPresets;
import dev.phasor.mel.MelScale;
import dev.phasor.phase.Floor;
import dev.phasor.phase.GradientPolicy;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.Initialization;
import dev.phasor.reconstruction.MixingShares;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.reconstruction.SeparationParameters;
import dev.phasor.reconstruction.StretchAlgorithm;
import dev.phasor.reconstruction.Stretcher;
import dev.phasor.reconstruction.Through;
import dev.phasor.stft.Framing;
import dev.phasor.stft.PadMode;
import dev.phasor.stft.Window;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every parameter that some {@link Endpoint} uses: name, type, default, range and meaning stand here and nowhere else.
 * The API's document describes it from here, and {@link Parameters} keeps it. The file is as long as the list. The file
 * is long because each parameter stands once, with its rule and its meaning.
 *
 * @param <T> what a value is read as
 */
public final class Parameter<T> {

    /** What a value is. */
    public enum Type {
        INTEGER,
        LONG,
        NUMBER,
        BOOLEAN,
        CHOICE
    }

    /** Filters of a mel, of n_mels or of a bank of one's own. */
    static final int MOST_MELS = 4096;

    /** Characters of a value; a double written out has some 1,100. Reading a number takes the square of its digits. */
    private static final int LONGEST = 2000;

    private static final List<Parameter<?>> ALL = new ArrayList<>();

    /** What the end of {@code timeout} does to an iterative algorithm. */
    public enum OnTimeout {
        FAIL,
        BEST
    }

    private static final Pattern DECIMAL = Pattern.compile("[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)(e[-+]?[0-9]+)?");

    public static final Parameter<Integer> N_FFT = integer(
                    "n_fft", "samples of a frame; from a spectrogram 2 (bins - 1) unless given")
            .in("samples")
            .from(2, null)
            .or(2048);
    public static final Parameter<Integer> HOP_LENGTH = integer(
                    "hop_length", "samples from frame to frame; n_fft/4 unless given")
            .in("samples")
            .from(1, Integer.MAX_VALUE)
            .example("512");
    public static final Parameter<Integer> WIN_LENGTH = integer(
                    "win_length", "samples of the window, at most n_fft; n_fft unless given")
            .in("samples")
            .from(1, null)
            .example("2048");
    public static final Parameter<Window.Kind> WINDOW =
            choice("window", "the periodic window", Window.Kind.class).or(Window.Kind.HANN);
    public static final Parameter<Double> BETA =
            number("beta", "of window=kaiser").from(0, 700).or(12.0);
    public static final Parameter<Double> STD = number("std", "of window=gaussian, above 0; win_length/8 unless given")
            .in("samples")
            .above(0, null)
            .example("256");
    public static final Parameter<Boolean> CENTER =
            flag("center", "frame t is centered on sample t hop_length").or(true);
    public static final Parameter<Framing> FRAMING = choice(
                    "framing",
                    "center is center=true, none is center=false; same has a frame for each whole hop, as vocoders",
                    Framing.class)
            .example("center");
    public static final Parameter<PadMode> PAD_MODE = choice(
                    "pad_mode", "what stands beyond the ends where frames reach beyond them", PadMode.class)
            .or(PadMode.CONSTANT);
    public static final Parameter<Integer> LENGTH = integer(
                    "length", "of the audio answered; the input's own where known")
            .in("samples")
            .from(1, Integer.MAX_VALUE)
            .example("113600");
    public static final Parameter<Integer> SAMPLE_RATE = integer(
                    "sample_rate", "of arrays; a file has its own. Needed to write WAV from a spectrogram")
            .in("Hz")
            .from(1, Integer.MAX_VALUE)
            .example("16000");
    public static final Parameter<Integer> RESAMPLE_TO = integer(
                    "resample_to", "the rate that all audio is resampled to as it comes in; needs ffmpeg")
            .in("Hz")
            .from(1000, 384_000)
            .example("16000");
    public static final Parameter<GradientPolicy> GRADIENT_POLICY = choice(
                    "gradient_policy", "what the phase's gradient is below the floor", GradientPolicy.class)
            .or(GradientPolicy.CLAMPED);
    public static final Parameter<Double> FLOOR = number("floor", "below which magnitude a bin is singular")
            .from(0, Float.MAX_VALUE)
            .or(Floor.DEFAULT.value());
    public static final Parameter<Floor.Mode> FLOOR_MODE = choice(
                    "floor_mode", "whether floor is times the largest magnitude of the item", Floor.Mode.class)
            .or(Floor.DEFAULT.mode());
    public static final Parameter<String> ALGORITHM = word(
                    "algorithm",
                    "from magnitudes to sound; istft where a phase came in; nnls is the two steps from mels",
                    Stream.concat(
                                    names(Algorithm.class).stream(),
                                    Stream.of(KnownPhase.ISTFT, ReconstructMelOperation.TWO_STEPS))
                            .toList())
            .or(Algorithm.AUTO.wireName());
    public static final Parameter<Integer> N_ITER = integer(
                    "n_iter",
                    "iterations, where the algorithm iterates; those on a part of the spectrum count as that part;"
                            + " 8 a hop unless given for algorithm=live")
            .from(1, null)
            .or(ReconstructionParameters.DEFAULT_ITERATIONS);
    public static final Parameter<Integer> LOOKAHEAD = integer(
                    "lookahead", "hops that algorithm=live waits before it decides on samples")
            .from(0, ReconstructionParameters.MOST_LOOKAHEAD)
            .or(ReconstructionParameters.DEFAULT_LOOKAHEAD);
    public static final Parameter<Double> MOMENTUM =
            number("momentum", "of fast_griffinlim and agla").from(0, 1).or(ReconstructionParameters.DEFAULT_MOMENTUM);
    public static final Parameter<Double> TOLERANCE = number(
                    "tolerance",
                    "stop when spectral convergence changes by less than this part of itself; below 1, 0 is off")
            .from(0, Math.nextDown(1.0))
            .or(0.0);
    public static final Parameter<Initialization> INIT =
            choice("init", "the phase to start from", Initialization.class).or(Initialization.PGHI);
    public static final Parameter<Long> SEED =
            whole("seed", "of every random phase").or(0L);
    public static final Parameter<Integer> POWER = integer("power", "of a magnitude, or of those that a mel is made of")
            .from(1, 2)
            .or(1);
    public static final Parameter<String> MEL = word(
            "mel",
            "the preset of a mel: what a known trainer makes of audio; every value of it may be given by itself too",
            MelPresets.names());
    public static final Parameter<Integer> N_MELS =
            integer("n_mels", "filters of a mel").from(1, MOST_MELS).or(128);
    public static final Parameter<Double> FMIN = number("fmin", "where the first mel filter begins")
            .in("Hz")
            .from(0, Integer.MAX_VALUE)
            .or(0.0);
    public static final Parameter<Double> FMAX = number(
                    "fmax", "where the last mel filter ends; sample_rate/2 unless given, and at most")
            .in("Hz")
            .from(0, Integer.MAX_VALUE)
            .example("8000");
    public static final Parameter<MelScale> MEL_SCALE =
            choice("mel_scale", "of pitch", MelScale.class).or(MelScale.SLANEY);
    public static final Parameter<MelNorm> MEL_NORM = choice(
                    "mel_norm", "slaney gives all filters one area, none one height", MelNorm.class)
            .or(MelNorm.SLANEY);
    public static final Parameter<Double> POWER_FLOOR = number(
                    "power_floor", "the least |X|^2 of a bin that a mel filter weighs")
            .from(0, Float.MAX_VALUE)
            .or(0.0);
    public static final Parameter<Double> POWER_OFFSET = number(
                    "power_offset", "added to each |X|^2 that a mel filter weighs")
            .from(0, Float.MAX_VALUE)
            .or(0.0);
    public static final Parameter<MelLog> LOG =
            choice("log", "that a mel's values are", MelLog.class).or(MelLog.NONE);
    public static final Parameter<MelGuard> LOG_GUARD = choice(
                    "log_guard",
                    "how log_floor keeps logarithms finite: clamp is log(max(x, f)), add log(x + f)",
                    MelGuard.class)
            .or(MelGuard.CLAMP);
    public static final Parameter<Double> LOG_FLOOR = number(
                    "log_floor", "the least mel whose logarithm is taken; a value at it says only: at most")
            .from(0, Float.MAX_VALUE)
            .or(1e-10);
    public static final Parameter<Double> LOG_RANGE = number(
                    "log_range", "how far below an item's largest its logarithms end, as Whisper's 8; all unless given")
            .from(0, Float.MAX_VALUE)
            .example("8");
    public static final Parameter<Double> LOG_SCALE = number(
                    "log_scale", "of a mel's values: scale times the logarithm plus log_offset")
            .from(-Float.MAX_VALUE, Float.MAX_VALUE)
            .or(1.0);
    public static final Parameter<Double> LOG_OFFSET = number("log_offset", "added to a mel's values")
            .from(-Float.MAX_VALUE, Float.MAX_VALUE)
            .or(0.0);
    public static final Parameter<Double> LOG_CLIP = number(
                    "log_clip", "the largest value of a mel, without its sign; any unless given")
            .from(0, Float.MAX_VALUE)
            .example("4");
    public static final Parameter<Double> PREEMPHASIS = number(
                    "preemphasis", "p of y[t] = x[t] - p x[t-1] before the transform; below 1")
            .from(0, Math.nextDown(1.0))
            .or(0.0);
    public static final Parameter<Boolean> DROP_LAST_FRAME = flag(
                    "drop_last_frame", "a centered mel without its last frame, as Whisper's: one for each hop")
            .or(false);
    public static final Parameter<WavEncoding> ENCODING = choice(
                    "encoding",
                    "of WAV and FLAC answers; FLAC knows no float32, and is pcm24 unless given",
                    WavEncoding.class)
            .or(WavEncoding.FLOAT32);
    public static final Parameter<Loss> LOSS = choice("loss", "of the audio against target", Loss.class);
    public static final Parameter<SpectrogramLayout> LAYOUT = choice(
                    "layout", "of complex arrays; subbands is [batch, 2, bins, frames]", SpectrogramLayout.class)
            .or(SpectrogramLayout.COMPLEX);
    public static final Parameter<StftOperation.Output> OUTPUT = choice(
                    "output",
                    "what of a bin is answered, under this name but for complex; db is 20 log10(max(|z|, 1e-5))",
                    StftOperation.Output.class)
            .or(StftOperation.Output.COMPLEX);
    public static final Parameter<Inputs.Kind> INPUT =
            choice("input", "what an array is; by its type and axes unless given", Inputs.Kind.class);
    public static final Parameter<String> RESPONSE_FORMAT = word(
            "response_format", "the answer's form; Accept unless given", List.of("wav", "flac", "npy", "npz", "json"));
    public static final Parameter<Double> TIMEOUT = number(
                    "timeout",
                    "that the request may wait and be computed, then 503 timeout; phasor.compute.timeout unless given")
            .in("seconds")
            .from(0.001, null)
            .example("30");
    public static final Parameter<OnTimeout> ON_TIMEOUT = choice(
                    "on_timeout",
                    "best ends the iterations when timeout is over and answers what they have reached, cancelled in"
                            + " the report; the rest of the work may then take as long again",
                    OnTimeout.class)
            .or(OnTimeout.FAIL);
    /** The algorithms of {@link IteratedVjpOperation}. */
    public static final Parameter<String> ITERATED_ALGORITHM = word(
                    "algorithm",
                    "from a magnitude or mel alone to sound, with its gradient; none where a phase came in",
                    IteratedVjpOperation.ALGORITHMS)
            .example(Algorithm.GRIFFINLIM.wireName());
    /** Where {@link IteratedVjpOperation} starts. */
    public static final Parameter<Initialization> ITERATED_INIT = choice(
                    "init", "the phase to start from", Initialization.class)
            .without(Initialization.GIVEN)
            .or(Initialization.PGHI);

    public static final Parameter<String> SOURCES_ALGORITHM = word(
                    "algorithm", "from a mixture to its sources", SeparateOperation.ALGORITHMS)
            .or(SeparateOperation.MISI);
    public static final Parameter<Integer> SOURCES_ITERATIONS =
            integer("n_iter", "iterations of misi").from(1, null).or(SeparationParameters.DEFAULT_ITERATIONS);
    public static final Parameter<Double> SOURCES_MOMENTUM =
            number("momentum", "of misi").from(0, 1).or(SeparationParameters.DEFAULT_MOMENTUM);
    public static final Parameter<MixingShares> WEIGHTS = choice(
                    "weights",
                    "by which sources share what is missing of the mixture; auto is uniform where magnitudes fit",
                    MixingShares.class)
            .or(MixingShares.AUTO);
    public static final Parameter<Boolean> RESIDUAL = flag(
                    "residual", "whether what no source explains is one more source, the last")
            .or(false);
    public static final Parameter<Through> THROUGH = choice(
                    "through", "what of the iterations a gradient passes through", Through.class)
            .or(Through.UNROLLED);
    public static final Parameter<Double> RATE =
            number("rate", "how many times as fast as the source").from(0.1, 10).or(1.0);
    public static final Parameter<Double> SEMITONES =
            number("semitones", "by which the pitch is raised").from(-24, 24).or(0.0);
    public static final Parameter<StretchAlgorithm> STRETCH_ALGORITHM = choice(
                    "algorithm",
                    "towards the stretched magnitudes; descent goes over the whole, live frame by frame",
                    StretchAlgorithm.class)
            .or(StretchAlgorithm.DESCENT);
    public static final Parameter<Integer> STRETCH_ITERATIONS = integer(
                    "n_iter", "iterations towards the stretched magnitudes; 8 a hop unless given for algorithm=live")
            .from(1, null)
            .or(Stretcher.DEFAULT_ITERATIONS);
    public static final Parameter<Integer> LIMIT = integer("limit", "hazardous bins listed of each kind")
            .from(0, 10_000)
            .or(10);
    public static final Parameter<Double> EPS = number("eps", "replaces the recipes' constants")
            .above(0, Float.MAX_VALUE)
            .example("1e-7");
    public static final Parameter<Boolean> FAIL_ON_ANOMALY = flag(
                    "fail_on_anomaly", "422 anomaly where the naive gradient is not finite")
            .or(false);

    private final String name;
    private final Type type;
    private final Class<T> of;
    private final Function<String, T> reader;
    private final List<String> choices;
    private final String meaning;
    private String unit = "";
    private @Nullable Number min;
    private @Nullable Number max;
    private boolean isAbove;
    private @Nullable T fallback;
    private @Nullable String example;

    private Parameter(
            String name, String meaning, Type type, Class<T> of, List<String> choices, Function<String, T> reader) {
        this.name = name;
        this.meaning = meaning;
        this.type = type;
        this.of = of;
        this.choices = choices;
        this.reader = reader;
        ALL.add(this);
    }

    private static Parameter<Integer> integer(String name, String meaning) {
        return new Parameter<>(
                name, meaning, Type.INTEGER, Integer.class, List.of(), text -> new BigDecimal(text).intValueExact());
    }

    private static Parameter<Long> whole(String name, String meaning) {
        return new Parameter<>(
                        name, meaning, Type.LONG, Long.class, List.of(), text -> new BigDecimal(text).longValueExact())
                .from(Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private static Parameter<Double> number(String name, String meaning) {
        return new Parameter<>(name, meaning, Type.NUMBER, Double.class, List.of(), Double::valueOf);
    }

    private static Parameter<Boolean> flag(String name, String meaning) {
        return new Parameter<>(name, meaning, Type.BOOLEAN, Boolean.class, List.of(), Parameter::truth);
    }

    private static <E extends Enum<E>> Parameter<E> choice(String name, String meaning, Class<E> of) {
        Function<String, E> reader = text -> Enum.valueOf(of, text.toUpperCase(Locale.ROOT));
        return new Parameter<>(name, meaning, Type.CHOICE, of, names(of), reader);
    }

    private static Parameter<String> word(String name, String meaning, List<String> choices) {
        return new Parameter<>(name, meaning, Type.CHOICE, String.class, choices, text -> text);
    }

    /** The same but for one choice. */
    private Parameter<T> without(T choice) {
        ALL.remove(this);
        List<String> others =
                choices.stream().filter(name -> !name.equals(text(choice))).toList();
        return new Parameter<>(name, meaning, type, of, others, reader);
    }

    private Parameter<T> in(String newUnit) {
        unit = newUnit;
        return this;
    }

    private Parameter<T> from(Number least, @Nullable Number most) {
        min = least;
        max = most;
        return this;
    }

    private Parameter<T> above(Number bound, @Nullable Number most) {
        isAbove = true;
        return from(bound, most);
    }

    private Parameter<T> or(T value) {
        fallback = value;
        return this;
    }

    private Parameter<T> example(String value) {
        example = value;
        return this;
    }

    /** All there are, in the order in which they are described. */
    public static List<Parameter<?>> all() {
        return Collections.unmodifiableList(ALL);
    }

    /** Whether there is one of this name. */
    public static boolean exists(String name) {
        return find(name).isPresent();
    }

    private static Optional<Parameter<?>> find(String name) {
        return ALL.stream().filter(parameter -> parameter.name.equals(name)).findFirst();
    }

    static Parameter<?> of(String name) {
        return find(name).orElseThrow();
    }

    /** As it stands in a request. */
    public String wireName() {
        return name;
    }

    public Type type() {
        return type;
    }

    /** What stands for it where it is left out, as it is written; null where that depends on the input. */
    public @Nullable String fallbackText() {
        return fallback == null ? null : text(fallback);
    }

    /** @throws IllegalStateException where it depends on the input */
    T fallback() {
        if (fallback == null) {
            throw new IllegalStateException(name + " has no default");
        }
        return fallback;
    }

    /** The least value, or what all are above; null where there is none. */
    public @Nullable Number min() {
        return min;
    }

    /** Whether all values are above {@link #min}, which is none. */
    public boolean isAboveMin() {
        return isAbove;
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

    /** A value that a request may have. */
    public String example() {
        @Nullable String usual = example != null ? example : fallbackText();
        return usual != null ? usual : choices.get(0);
    }

    /**
     * Reads a value as it was sent; case and spaces around it do not matter, 16000.0 is a whole number, and other
     * libraries' names of a choice are known.
     *
     * @param most the largest value; null where there is none
     * @throws dev.phasor.signal.InvalidInputException {@code BAD_PARAMETER} for what is not of its type or not in its
     *     range
     */
    T parse(String sent, @Nullable Number most) {
        if (sent.length() > LONGEST) {
            throw badParameter(name, rule(most), sent);
        }
        String typed = sent.strip().toLowerCase(Locale.ROOT);
        String text = choices.isEmpty() || choices.contains(typed) ? typed : Names.value(typed);
        T value;
        try {
            // Java reads more as numbers: other digits than these, 1f, and hexadecimal ones.
            boolean number = type == Type.INTEGER || type == Type.LONG || type == Type.NUMBER;
            if (number && !DECIMAL.matcher(text).matches()) {
                throw new NumberFormatException(text);
            }
            value = reader.apply(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw badParameter(name, rule(most), sent + Names.nearest(typed, choices));
        }
        boolean known = choices.isEmpty() || choices.contains(text);
        if (!known || value instanceof Number number && !isWithin(number, most)) {
            throw badParameter(name, rule(most), sent + Names.nearest(typed, choices));
        }
        return value;
    }

    /** A value as JSON has it: a number, a truth, or the name of a choice. */
    Object toWire(String sent) {
        return type == Type.CHOICE ? sent : parse(sent, null);
    }

    /** @throws ClassCastException if it is none of its values */
    T cast(Object value) {
        return requireNonNull(of.cast(value));
    }

    private boolean isWithin(Number number, @Nullable Number most) {
        double value = number.doubleValue();
        return Double.isFinite(value)
                && (isAbove ? value > least().doubleValue() : value >= least().doubleValue())
                && value <= most(most).doubleValue();
    }

    private String rule(@Nullable Number most) {
        return switch (type) {
            case INTEGER -> "a whole number in " + least() + ".." + most(most);
            case LONG -> "a whole number of 64 bits";
            case NUMBER ->
                (isAbove ? "a finite number above 0, in " : "a finite number in ") + least().doubleValue() + ".."
                        + most(most).doubleValue();
            case BOOLEAN -> "true or false";
            case CHOICE -> "one of " + String.join(", ", choices);
        };
    }

    private Number least() {
        return min != null ? min : type == Type.INTEGER ? (Number) Integer.MIN_VALUE : (Number) (-Double.MAX_VALUE);
    }

    private Number most(@Nullable Number most) {
        return most != null ? most : type == Type.INTEGER ? (Number) Integer.MAX_VALUE : (Number) Double.MAX_VALUE;
    }

    private static Boolean truth(String text) {
        return switch (text) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static String text(Object value) {
        if (value instanceof Enum<?> constant) {
            return Parameters.wire(constant);
        }
        return value instanceof Double number && number == Math.rint(number)
                ? String.valueOf(number.longValue())
                : value.toString();
    }

    private static <E extends Enum<E>> List<String> names(Class<E> of) {
        return Arrays.stream(of.getEnumConstants()).map(Parameters::wire).collect(Collectors.toUnmodifiableList());
    }
}
