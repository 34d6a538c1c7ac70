package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.NpyArray;
import dev.phasor.codec.SpectrogramLayout;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The named values of a request: sound that came as a sound file, and arrays. A single value without a name of its own
 * is {@value #FILE}, and what it is follows from its type, its axes and {@code input}.
 */
public final class Inputs {

    /** The name of a raw body and of the multipart part that stands for it. */
    public static final String FILE = "file";

    /** What an operation can be given. */
    public enum Kind {
        AUDIO,
        SPECTROGRAM,
        MAGNITUDE
    }

    private static final Set<String> NAMES =
            Set.of(FILE, "audio", "spectrogram", "magnitude", "phase", "cotangent", "target", "reference", "mask");

    private final Map<String, AudioSignal> sounds = new LinkedHashMap<>();
    private final Map<String, NpyArray> arrays = new LinkedHashMap<>();

    public static boolean isName(String name) {
        return NAMES.contains(name);
    }

    public void put(String name, AudioSignal sound) {
        checkNew(name);
        sounds.put(name, sound);
    }

    public void put(String name, NpyArray array) {
        checkNew(name);
        arrays.put(name, array);
    }

    /** Named arrays; one alone without a known name is the {@value #FILE}. */
    public void putAll(Map<String, NpyArray> named) {
        if (named.size() == 1 && !isName(named.keySet().iterator().next())) {
            put(FILE, named.values().iterator().next());
        } else {
            named.forEach(this::put);
        }
    }

    private void checkNew(String name) {
        if (!isName(name)) {
            throw badParameter(
                    "the name of an input", "one of " + NAMES.stream().sorted().toList(), name);
        }
        if (has(name)) {
            throw badParameter("the input " + name, "given once", "it twice");
        }
    }

    public boolean has(String name) {
        return sounds.containsKey(name) || arrays.containsKey(name);
    }

    /** Of the values that there are. */
    Set<String> names() {
        Set<String> names = new TreeSet<>(sounds.keySet());
        names.addAll(arrays.keySet());
        return names;
    }

    /** That of a named value; null where there is none. */
    @Nullable
    Shape shape(String name) {
        AudioSignal sound = sounds.get(name);
        NpyArray array = arrays.get(name);
        return sound != null ? sound.shape() : array != null ? array.shape() : null;
    }

    /** That of what the request is about; null where there is none. */
    @Nullable
    Shape shape(Kind kind) {
        String name = Parameters.wire(kind);
        return shape(has(name) ? name : FILE);
    }

    /** Whether the spectrogram that a request is about stands as two real planes. */
    boolean isSubbands(Parameters parameters) {
        return layout(parameters) == SpectrogramLayout.SUBBANDS;
    }

    /**
     * What the request is about: by name, else by {@code input}, else by type and axes. Complex is a spectrogram; so is
     * a float array with {@code layout=subbands}; one axis is audio; more axes are {@code many}.
     */
    Kind main(Parameters parameters, Kind many) {
        for (Kind kind : new Kind[] {Kind.SPECTROGRAM, Kind.AUDIO}) {
            if (has(Parameters.wire(kind))) {
                return kind;
            }
        }
        if (!has(FILE)) {
            if (has(Parameters.wire(Kind.MAGNITUDE))) {
                return Kind.MAGNITUDE;
            }
            throw badParameter("the request body", "a sound file or an array", "none");
        }
        Kind kind = ofFile(parameters, many);
        if (has(Parameters.wire(kind))) {
            throw badParameter("the input file", "something else than the input " + Parameters.wire(kind), "both");
        }
        return kind;
    }

    private Kind ofFile(Parameters parameters, Kind many) {
        NpyArray file = arrays.get(FILE);
        if (file == null) {
            return Kind.AUDIO;
        }
        if (file.isComplex() || layout(parameters) == SpectrogramLayout.SUBBANDS) {
            return Kind.SPECTROGRAM;
        }
        return parameters.get(Parameter.INPUT, file.shape().rank() <= 1 ? Kind.AUDIO : many);
    }

    /** The audio that the request is about. */
    AudioSignal audio(Parameters parameters) {
        return audio(place(Kind.AUDIO, parameters), parameters);
    }

    AudioSignal audio(String name, Parameters parameters) {
        int rate = parameters.get(Parameter.SAMPLE_RATE, AudioSignal.UNKNOWN_RATE);
        AudioSignal sound = sounds.get(name);
        if (sound == null) {
            NpyArray array = array(name);
            Finite.check(name, array);
            return array.toAudio(rate);
        }
        Finite.check(name, sound);
        return rate == AudioSignal.UNKNOWN_RATE ? sound : sound.withSampleRate(rate);
    }

    /** The complex spectrogram that the request is about. */
    ComplexSpectrogram spectrogram(Parameters parameters) {
        String name = place(Kind.SPECTROGRAM, parameters);
        NpyArray array = array(name);
        Finite.check(name, array);
        return array.toComplexSpectrogram(layout(parameters));
    }

    /** The named magnitude, its power undone: linear in amplitude. */
    MagnitudeSpectrogram magnitude(Parameters parameters) {
        String name = place(Kind.MAGNITUDE, parameters);
        NpyArray array = array(name);
        Finite.check(name, array);
        MagnitudeSpectrogram magnitude = array.toMagnitudeSpectrogram();
        return parameters.get(Parameter.POWER) == 1 ? magnitude : squareRoot(magnitude);
    }

    RealSpectrogram real(String name) {
        NpyArray array = array(name);
        Finite.check(name, array);
        return array.toRealSpectrogram();
    }

    static SpectrogramLayout layout(Parameters parameters) {
        return parameters.get(Parameter.LAYOUT);
    }

    private static MagnitudeSpectrogram squareRoot(MagnitudeSpectrogram power) {
        float[][] roots = power.shape().newPlanes();
        for (int item = 0; item < roots.length; item++) {
            float[] values = power.values(item);
            float[] root = roots[item];
            Ranges.forEach(values.length, values.length, 1, (from, to) -> {
                for (int i = from; i < to; i++) {
                    root[i] = (float) Math.sqrt(values[i]);
                }
            });
        }
        return new MagnitudeSpectrogram(power.shape(), roots);
    }

    /** The name under which a value came: its own, or the file's, which {@code input} must not call something else. */
    private String place(Kind kind, Parameters parameters) {
        String name = Parameters.wire(kind);
        Kind said = parameters.get(Parameter.INPUT, kind);
        if (has(name)) {
            return name;
        }
        if (said != kind) {
            throw badParameter("input", name + " for what was sent here", Parameters.wire(said));
        }
        return FILE;
    }

    private NpyArray array(String name) {
        @Nullable NpyArray array = arrays.get(name);
        if (array != null) {
            return array;
        }
        if (sounds.containsKey(name)) {
            throw new InvalidInputException(Code.SHAPE_MISMATCH, name + " must be an array here, got a sound file");
        }
        throw badParameter("the input " + name, "given", "none");
    }
}
