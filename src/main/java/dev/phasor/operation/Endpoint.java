package dev.phasor.operation;

import static dev.phasor.operation.Parameter.*;
import static dev.phasor.signal.InvalidInputException.badParameter;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The operations: what goes in, what comes out, and which parameters mean something there. The service refuses the
 * others, and the API's document lists these. The file is long because each operation is listed with all that it takes.
 */
public enum Endpoint {
    STFT(
            "audio to its spectrogram",
            List.of(Input.FILE, Input.AUDIO),
            "spectrogram",
            and(transform(), RESAMPLE_TO, LAYOUT, OUTPUT)),
    MEL(
            "audio to its mel spectrogram, as the trainers of known models make it",
            List.of(Input.FILE, Input.AUDIO, Input.MEAN, Input.STD, Input.FILTERBANK),
            "mel",
            and(and(transform(), RESAMPLE_TO), melParameters())),
    MEL_VJP(
            "the pullback of a cotangent on a mel spectrogram to the audio",
            List.of(Input.FILE, Input.AUDIO, Input.COTANGENT, Input.MEAN, Input.STD, Input.FILTERBANK),
            "gradient",
            and(transform(), melParameters())),
    ISTFT(
            "complex spectrogram to audio: the least-squares inverse",
            List.of(Input.FILE, Input.SPECTROGRAM),
            "audio",
            and(transform(), LENGTH, ENCODING, LAYOUT)),
    PHASE(
            "audio or a complex spectrogram to its phase",
            List.of(Input.FILE, Input.AUDIO, Input.SPECTROGRAM),
            "phase",
            and(transform(), RESAMPLE_TO, LAYOUT, FLOOR, FLOOR_MODE)),
    PHASE_VJP(
            "the pullback of a cotangent on the phase to the spectrogram",
            List.of(Input.SPECTROGRAM, Input.COTANGENT),
            "gradient",
            List.of(GRADIENT_POLICY, FLOOR, FLOOR_MODE, LAYOUT, RESPONSE_FORMAT, TIMEOUT)),
    PHASE_DIAGNOSE(
            "which bins are hazardous to a phase's gradient, and what each recipe makes of them",
            List.of(Input.FILE, Input.AUDIO, Input.SPECTROGRAM),
            "",
            and(transform(), RESAMPLE_TO, LAYOUT, FLOOR, FLOOR_MODE, LIMIT, EPS, FAIL_ON_ANOMALY)),
    RECONSTRUCT(
            "audio, a complex spectrogram, a magnitude or a mel to audio",
            List.of(
                    Input.FILE,
                    Input.AUDIO,
                    Input.SPECTROGRAM,
                    Input.MAGNITUDE,
                    Input.MEL,
                    Input.MEAN,
                    Input.STD,
                    Input.FILTERBANK,
                    Input.PHASE,
                    Input.MASK),
            "audio",
            and(
                    and(transform(), melParameters()),
                    RESAMPLE_TO,
                    LAYOUT,
                    LENGTH,
                    ENCODING,
                    FLOOR,
                    FLOOR_MODE,
                    ALGORITHM,
                    N_ITER,
                    LOOKAHEAD,
                    MOMENTUM,
                    TOLERANCE,
                    INIT,
                    SEED,
                    ON_TIMEOUT)),
    RECONSTRUCT_VJP(
            "a whole training step: audio, its loss or cotangent, and the gradient all the way back",
            List.of(
                    Input.FILE,
                    Input.AUDIO,
                    Input.SPECTROGRAM,
                    Input.MAGNITUDE,
                    Input.MEL,
                    Input.MEAN,
                    Input.STD,
                    Input.FILTERBANK,
                    Input.COTANGENT,
                    Input.TARGET),
            "audio loss gradient magnitude_gradient mel_gradient",
            and(
                    and(transform(), melParameters()),
                    RESAMPLE_TO,
                    LAYOUT,
                    GRADIENT_POLICY,
                    FLOOR,
                    FLOOR_MODE,
                    LOSS,
                    ITERATED_ALGORITHM,
                    N_ITER,
                    MOMENTUM,
                    ITERATED_INIT,
                    SEED,
                    THROUGH)),
    EVALUATE(
            "how near audio comes to a reference, or to the magnitudes or the mel that it was made from",
            List.of(
                    Input.FILE,
                    Input.AUDIO,
                    Input.REFERENCE,
                    Input.MAGNITUDE,
                    Input.MEL,
                    Input.MEAN,
                    Input.STD,
                    Input.FILTERBANK),
            "",
            and(and(transform(), RESAMPLE_TO), melParameters())),
    SEPARATE(
            "the sources of a mixture from their magnitudes, masks or estimates",
            List.of(Input.FILE, Input.AUDIO, Input.MAGNITUDE, Input.MASK, Input.ESTIMATE, Input.REFERENCE),
            "audio",
            and(separation(), ENCODING, RESIDUAL)),
    SEPARATE_VJP(
            "the pullback of a cotangent on a mixture's sources to their magnitudes, masks or estimates",
            List.of(Input.FILE, Input.AUDIO, Input.MAGNITUDE, Input.MASK, Input.ESTIMATE, Input.COTANGENT),
            "audio gradient",
            and(separation(), GRADIENT_POLICY, FLOOR, FLOOR_MODE)),
    STRETCH(
            "audio at another speed, or with another pitch",
            List.of(Input.FILE, Input.AUDIO, Input.TIME_MAP),
            "audio",
            List.of(
                    N_FFT,
                    HOP_LENGTH,
                    WIN_LENGTH,
                    WINDOW,
                    BETA,
                    STD,
                    INPUT,
                    SAMPLE_RATE,
                    RESPONSE_FORMAT,
                    TIMEOUT,
                    RESAMPLE_TO,
                    ENCODING,
                    STRETCH_ALGORITHM,
                    STRETCH_ITERATIONS,
                    LOOKAHEAD,
                    RATE,
                    SEMITONES));

    private final String summary;
    private final List<Input> inputs;
    private final List<String> outputs;
    private final List<Parameter<?>> parameters;

    Endpoint(String summary, List<Input> inputs, String outputs, List<Parameter<?>> parameters) {
        this.summary = summary;
        this.inputs = inputs;
        this.outputs = outputs.isEmpty() ? List.of() : List.of(outputs.split(" "));
        this.parameters = parameters;
    }

    public String summary() {
        return summary;
    }

    /** The values that it takes. */
    public List<Input> inputs() {
        return inputs;
    }

    /** The names of the arrays that it answers; none where the report is the answer. */
    public List<String> outputs() {
        return outputs;
    }

    public List<Parameter<?>> parameters() {
        return parameters;
    }

    /** The operation's name, and that of its model in {@code /v2}. */
    public String wireName() {
        return Parameters.wire(this);
    }

    /** Our name of a parameter, which is another library's name of another parameter elsewhere. */
    public String named(String typed) {
        boolean own =
                parameters.stream().anyMatch(parameter -> parameter.wireName().equals(typed));
        return own ? typed : Names.parameter(typed);
    }

    /**
     * Refuses what would change nothing: a typing error, or a parameter of another operation.
     *
     * @param typed our name, or that of another library
     * @param without parameters that the face does not have at which the request came in
     * @throws dev.phasor.signal.InvalidInputException {@code BAD_PARAMETER} for a name that this operation does not use
     */
    public void check(String typed, String value, Set<Parameter<?>> without) {
        String name = named(typed);
        List<String> used = parameters.stream()
                .filter(parameter -> !without.contains(parameter))
                .map(Parameter::wireName)
                .toList();
        if (used.contains(name)) {
            return;
        }
        if (Input.find(name).filter(inputs::contains).isPresent()) {
            throw badParameter("the input " + name, "an array, in JSON a list of numbers", value);
        }
        String elsewhere = Arrays.stream(values())
                .filter(endpoint -> endpoint.parameters.stream()
                        .anyMatch(parameter -> parameter.wireName().equals(name)))
                .map(Endpoint::wireName)
                .collect(Collectors.joining(", "));
        String known = String.join(", ", used);
        if (elsewhere.isEmpty()) {
            List<String> named = Input.names(inputs).toList();
            throw badParameter(
                    "the name of a parameter of " + wireName(),
                    "one of " + known + "; of an input one of " + String.join(", ", named),
                    name
                            + Names.nearest(
                                    name,
                                    Stream.concat(used.stream(), named.stream()).toList()));
        }
        throw badParameter(
                name, "left out of " + wireName() + ", which uses " + known + " (it is of " + elsewhere + ")", value);
    }

    /**
     * Refuses values that would change nothing.
     *
     * @throws dev.phasor.signal.InvalidInputException {@code BAD_PARAMETER} for one that this operation does not take,
     *     and for more than one of those that it would be about
     */
    public void check(Inputs given) {
        for (Input input : given.given()) {
            if (input != Input.FILE && !inputs.contains(input)) {
                throw badParameter(
                        "the input " + input.wireName(),
                        "left out of " + wireName() + ", which takes "
                                + Input.names(inputs).collect(Collectors.joining(", ")),
                        "it");
            }
        }
        List<Input> about = Stream.of(Input.FILE, Input.AUDIO, Input.SPECTROGRAM)
                .filter(given::has)
                .toList();
        if (about.size() > 1) {
            throw badParameter(
                    "the input " + Input.names(about).collect(Collectors.joining(" or ")), "given, one of them", "all");
        }
    }

    /** What every transform knows, and every answer. */
    private static List<Parameter<?>> transform() {
        return and(frames(), INPUT, SAMPLE_RATE, RESPONSE_FORMAT, TIMEOUT);
    }

    /** What finds sources. */
    private static List<Parameter<?>> separation() {
        return and(
                transform(),
                RESAMPLE_TO,
                LAYOUT,
                POWER,
                SOURCES_ALGORITHM,
                SOURCES_ITERATIONS,
                SOURCES_MOMENTUM,
                WEIGHTS);
    }

    /** What makes frames of a signal. */
    private static List<Parameter<?>> frames() {
        return List.of(N_FFT, HOP_LENGTH, WIN_LENGTH, WINDOW, BETA, STD, CENTER, FRAMING, PAD_MODE);
    }

    /** What a file says of the arrays in it: how they came from audio, and how they go back to it. */
    static List<Parameter<?>> describing() {
        return and(and(frames(), SAMPLE_RATE, LENGTH, LAYOUT), melParameters());
    }

    /** What makes a mel. */
    static Parameter<?>[] melParameters() {
        return new Parameter<?>[] {
            Parameter.MEL,
            N_MELS,
            FMIN,
            FMAX,
            MEL_SCALE,
            MEL_NORM,
            POWER,
            POWER_FLOOR,
            POWER_OFFSET,
            LOG,
            LOG_GUARD,
            LOG_FLOOR,
            LOG_RANGE,
            LOG_SCALE,
            LOG_OFFSET,
            LOG_CLIP,
            PREEMPHASIS,
            DROP_LAST_FRAME
        };
    }

    private static List<Parameter<?>> and(List<Parameter<?>> some, Parameter<?>... more) {
        List<Parameter<?>> all = new ArrayList<>(some);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }
}
