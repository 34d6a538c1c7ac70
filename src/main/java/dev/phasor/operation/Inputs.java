package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.NpyArray;
import dev.phasor.codec.SpectrogramLayout;
import dev.phasor.decoder.ForeignFile;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexRows;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.PlaneOrder;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The named values of a request: sound that came as a sound file, and arrays. A single value without a name of its own
 * is the {@link Input#FILE}, and what it is follows from its type, its axes and {@code input}. The file is long because
 * each kind of value is read, and refused, in one place.
 */
public final class Inputs {

    /** What an operation can be given. */
    public enum Kind {
        AUDIO(Input.AUDIO),
        SPECTROGRAM(Input.SPECTROGRAM),
        MAGNITUDE(Input.MAGNITUDE),
        MEL(Input.MEL);

        private final Input input;

        Kind(Input input) {
            this.input = input;
        }
    }

    private final Map<Input, AudioSignal> sounds = new EnumMap<>(Input.class);
    private final Map<Input, NpyArray> arrays = new EnumMap<>(Input.class);
    private final Map<Input, ForeignFile> files = new EnumMap<>(Input.class);
    /** Of what was resampled: the rate that it came with. */
    private final Map<Input, Integer> ownRates = new EnumMap<>(Input.class);

    private final Map<String, Object> origin = new LinkedHashMap<>();

    public void put(Input input, AudioSignal sound) {
        checkNew(input);
        sounds.put(input, sound);
    }

    public void put(Input input, NpyArray array) {
        checkNew(input);
        arrays.put(input, input == Input.FILE ? array : array.called(input.wireName()));
    }

    /** A file that {@link Intake} decodes before anything is asked of it. */
    public void put(Input input, ForeignFile file) {
        checkNew(input);
        files.put(input, file);
    }

    /** Those that are not decoded yet. */
    Map<Input, ForeignFile> files() {
        return Map.copyOf(files);
    }

    /** Takes what a file was decoded to in its place. */
    void decoded(Input input, AudioSignal sound) {
        files.remove(input);
        sounds.put(input, sound);
    }

    /** Takes what audio was resampled to in its place. */
    void resampled(Input input, int ownRate, AudioSignal sound) {
        arrays.remove(input);
        sounds.put(input, sound);
        ownRates.put(input, ownRate);
    }

    /** Where the audio came from, as a report says it. Modified by {@link Intake}. */
    Map<String, Object> origin() {
        return origin;
    }

    boolean isSound(Input input) {
        return sounds.containsKey(input);
    }

    /** Named arrays; one alone without a known name is the {@link Input#FILE}. */
    public void putAll(Map<String, NpyArray> named) {
        if (named.size() == 1 && Input.find(named.keySet().iterator().next()).isEmpty()) {
            put(Input.FILE, named.values().iterator().next());
        } else {
            named.forEach((name, array) -> put(Input.of(name), array));
        }
    }

    private void checkNew(Input input) {
        if (has(input)) {
            throw badParameter("the input " + input.wireName(), "given once", "it twice");
        }
    }

    /** Forgets them all: an answer may wait long for its reader. */
    void letGo() {
        sounds.clear();
        files.clear();
        arrays.clear();
    }

    public boolean has(Input input) {
        return sounds.containsKey(input) || arrays.containsKey(input) || files.containsKey(input);
    }

    /** Those arrays of these that were sent, by their names. */
    Map<String, NpyArray> named(Input... inputs) {
        Map<String, NpyArray> named = new LinkedHashMap<>();
        for (Input input : inputs) {
            if (arrays.containsKey(input)) {
                named.put(input.wireName(), array(input));
            }
        }
        return named;
    }

    /** Those that there are. */
    Set<Input> given() {
        Set<Input> given = EnumSet.noneOf(Input.class);
        given.addAll(sounds.keySet());
        given.addAll(arrays.keySet());
        given.addAll(files.keySet());
        return given;
    }

    /** That of a named value; null where there is none. */
    @Nullable
    Shape shape(Input input) {
        AudioSignal sound = sounds.get(input);
        NpyArray array = arrays.get(input);
        return sound != null ? sound.shape() : array != null ? array.shape() : null;
    }

    /** That of what the request is about; null where there is none. */
    @Nullable
    Shape shape(Kind kind) {
        return shape(has(kind.input) ? kind.input : Input.FILE);
    }

    /** Whether the spectrogram that a request is about stands as two real planes. */
    boolean isSubbands(Parameters parameters) {
        return layout(parameters) == SpectrogramLayout.SUBBANDS;
    }

    /**
     * What the request is about: by name, else by {@code input}, else by type and axes. Complex is a spectrogram; so is
     * a float array with {@code layout=subbands}; one axis is audio; more axes are {@code many}, or where that is a
     * magnitude and a preset of mels is named, a mel.
     */
    Kind main(Parameters parameters, Kind many) {
        for (Kind kind : new Kind[] {Kind.SPECTROGRAM, Kind.AUDIO}) {
            if (has(kind.input)) {
                return kind;
            }
        }
        if (!has(Input.FILE)) {
            for (Kind kind : new Kind[] {Kind.MAGNITUDE, Kind.MEL}) {
                if (has(kind.input)) {
                    return kind;
                }
            }
            throw badParameter(
                    "the request body",
                    "a sound file or an array",
                    given().isEmpty()
                            ? "none"
                            : Input.names(List.copyOf(given())).collect(Collectors.joining(", ")) + " alone");
        }
        Kind kind = ofFile(parameters, many);
        if (has(kind.input)) {
            throw badParameter("the input file", "something else than the input " + kind.input.wireName(), "both");
        }
        return kind;
    }

    private Kind ofFile(Parameters parameters, Kind many) {
        NpyArray file = arrays.get(Input.FILE);
        if (file == null) {
            return Kind.AUDIO;
        }
        if (file.isComplex() || layout(parameters) == SpectrogramLayout.SUBBANDS) {
            return Kind.SPECTROGRAM;
        }
        Kind ofAxes = many == Kind.MAGNITUDE && parameters.isSent(Parameter.MEL) ? Kind.MEL : many;
        Kind kind = parameters.get(Parameter.INPUT, file.shape().rank() <= 1 ? Kind.AUDIO : ofAxes);
        if (kind == Kind.AUDIO && !parameters.has(Parameter.INPUT)) {
            Plausibility.planes(file.shape());
        }
        return kind;
    }

    /** The audio that the request is about. */
    AudioSignal audio(Parameters parameters) {
        return audio(place(Kind.AUDIO, parameters), parameters);
    }

    /** That of the audio that the request is about, in Hz; unknown of an array of which nobody said it. */
    int rate(Parameters parameters) {
        AudioSignal sound = sounds.get(place(Kind.AUDIO, parameters));
        return sound != null ? sound.sampleRate() : parameters.get(Parameter.SAMPLE_RATE, AudioSignal.UNKNOWN_RATE);
    }

    /** The name under which it came. */
    Input placeOfAudio(Parameters parameters) {
        return place(Kind.AUDIO, parameters);
    }

    AudioSignal audio(Input input, Parameters parameters) {
        AudioSignal sound = sounds.get(input);
        if (sound == null) {
            AudioSignal audio = finite(input).toAudio(parameters.get(Parameter.SAMPLE_RATE, AudioSignal.UNKNOWN_RATE));
            Plausibility.channels(audio.shape());
            return audio;
        }
        if (parameters.isSent(Parameter.SAMPLE_RATE)) {
            checkRate(parameters, ownRates.getOrDefault(input, sound.sampleRate()));
        } else {
            checkPreset(parameters, parameters.get(Parameter.RESAMPLE_TO, sound.sampleRate()));
        }
        Finite.check(input.wireName(), sound);
        return sound;
    }

    private static void checkPreset(Parameters parameters, int rate) {
        int wanted = parameters.get(Parameter.SAMPLE_RATE, rate);
        if (wanted != rate) {
            throw badParameter(
                    "the rate of the audio",
                    "the preset's, " + wanted + " Hz: send resample_to=" + wanted + ", or sample_rate=" + rate,
                    rate);
        }
    }

    /**
     * A file's rate is what its samples have. Another one would change their speed.
     *
     * @throws InvalidInputException {@code BAD_PARAMETER} if {@code sample_rate} says another
     */
    public static void checkRate(Parameters parameters, int ofFile) {
        int rate = parameters.get(Parameter.SAMPLE_RATE, ofFile);
        if (rate != ofFile) {
            throw badParameter("sample_rate", "left out, or the file's, " + ofFile + " (resample_to resamples)", rate);
        }
    }

    /** The complex spectrogram that the request is about. */
    ComplexSpectrogram spectrogram(Parameters parameters) {
        return finite(Kind.SPECTROGRAM, parameters).toComplexSpectrogram(layout(parameters));
    }

    /** A named complex value. */
    ComplexSpectrogram complex(Input input, Parameters parameters) {
        return finite(input).toComplexSpectrogram(layout(parameters));
    }

    /** {@link #spectrogram} in the order and the memory of the request. */
    ComplexRows rows(Parameters parameters) {
        return finite(Kind.SPECTROGRAM, parameters).toComplexRows(layout(parameters));
    }

    /** {@link #real} for maps that treat each value by itself; see {@link NpyArray#toRealElements}. */
    RealSpectrogram elements(Input input, PlaneOrder order) {
        return finite(input).toRealElements(order);
    }

    /** The magnitude, which is linear in amplitude. */
    MagnitudeSpectrogram amplitude(Parameters parameters) {
        return finite(Kind.MAGNITUDE, parameters).toMagnitudeSpectrogram();
    }

    /** The named magnitude, its power undone: linear in amplitude. */
    MagnitudeSpectrogram magnitude(Parameters parameters) {
        MagnitudeSpectrogram magnitude = finite(Kind.MAGNITUDE, parameters).toMagnitudeSpectrogram();
        return parameters.get(Parameter.POWER) == 1 ? magnitude : magnitude.squareRoot();
    }

    /** {@link #magnitude} for maps that treat each value by itself; see {@link NpyArray#toRealElements}. */
    MagnitudeSpectrogram magnitudeElements(Parameters parameters, PlaneOrder order) {
        MagnitudeSpectrogram magnitude = MagnitudeSpectrogram.ofElements(
                finite(Kind.MAGNITUDE, parameters).toRealElements(order), order);
        return parameters.get(Parameter.POWER) == 1 ? magnitude : magnitude.squareRoot();
    }

    /** One axis of floats. */
    float[] vector(Input input) {
        NpyArray array = finite(input);
        if (array.isComplex() || array.shape().rank() != 1) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH, input.wireName() + " must have one axis of floats, got " + array.shape());
        }
        return array.real();
    }

    /** Two axes of floats, row by row. */
    NpyArray matrix(Input input, int mostRows) {
        return table(input, mostRows).rowMajor();
    }

    /** {@link #matrix} in the order in which it came: nothing is copied. */
    NpyArray table(Input input, int mostRows) {
        NpyArray array = finite(input);
        boolean fits =
                !array.isComplex() && array.shape().rank() == 2 && array.shape().count() > 0;
        if (!fits || array.shape().size(0) > mostRows) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    input.wireName() + " must have two axes of floats, [at most " + mostRows + ", bins], got "
                            + array.shape());
        }
        return array;
    }

    /** Mels as they came, each item a plane [frame][mel] of its own memory. */
    RealSpectrogram mels(Parameters parameters) {
        RealSpectrogram mels = array(place(Kind.MEL, parameters))
                .called(Kind.MEL.input.wireName())
                .toRealSpectrogram();
        if (mels.items() == 0) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH, "mel must have at least one item, [..., mels, frames], got " + mels.shape());
        }
        float[][] own = new float[mels.items()][];
        Arrays.setAll(own, item -> mels.values(item).clone());
        Finite.mels(mels, parameters.isSent(Parameter.LOG_FLOOR));
        return new RealSpectrogram(mels.shape(), own);
    }

    RealSpectrogram real(Input input) {
        return finite(input).toRealSpectrogram();
    }

    static SpectrogramLayout layout(Parameters parameters) {
        return parameters.get(Parameter.LAYOUT);
    }

    /** The name under which a value came: its own, or the file's, which {@code input} must not call something else. */
    private Input place(Kind kind, Parameters parameters) {
        if (has(kind.input)) {
            return kind.input;
        }
        Kind said = parameters.get(Parameter.INPUT, kind);
        if (said != kind) {
            throw badParameter("input", kind.input.wireName() + " for what was sent here", said.input.wireName());
        }
        return Input.FILE;
    }

    /** What the request is about, by the name of its kind. */
    private NpyArray finite(Kind kind, Parameters parameters) {
        String name = kind.input.wireName();
        NpyArray array = array(place(kind, parameters)).called(name);
        Finite.check(name, array);
        return array;
    }

    private NpyArray finite(Input input) {
        NpyArray array = array(input);
        Finite.check(input.wireName(), array);
        return array;
    }

    private NpyArray array(Input input) {
        @Nullable NpyArray array = arrays.get(input);
        if (array != null) {
            return array;
        }
        if (sounds.containsKey(input)) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH, input.wireName() + " must be an array here, got a sound file");
        }
        throw badParameter("the input " + input.wireName(), "given", "none");
    }
}
