package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;
import static java.util.Objects.requireNonNull;

import dev.phasor.mel.MelPresets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A request's parameters. Each is of its type and in its range, whether or not it is used. */
public final class Parameters {

    private final Map<Parameter<?>, Object> values = new HashMap<>();
    /** Of the file that holds the arrays. */
    private final Map<Parameter<?>, Object> described = new HashMap<>();
    /** Of the preset that was named. */
    private final Map<Parameter<?>, Object> presets = new HashMap<>();

    private final Maxima maxima;

    /**
     * @param sent by the names that a client uses
     * @param maxima which settings bound some of them
     * @throws dev.phasor.signal.InvalidInputException {@code BAD_PARAMETER} for a name that the operation does not use,
     *     and a value that no operation could
     */
    public Parameters(Endpoint endpoint, Map<String, String> sent, Maxima maxima) {
        this(endpoint, sent, maxima, Set.of());
    }

    /**
     * @param sent by the names that a client uses
     * @param maxima which settings bound some of them
     * @param without what the face does not have at which the request came in
     * @throws dev.phasor.signal.InvalidInputException {@code BAD_PARAMETER} for a name that the operation does not use,
     *     and a value that no operation could
     */
    public Parameters(Endpoint endpoint, Map<String, String> sent, Maxima maxima, Set<Parameter<?>> without) {
        this(endpoint, sent, Map.of(), maxima, without);
    }

    /**
     * @param sent by the names that a client uses
     * @param description what a file says of the arrays in it: it stands for what was not sent, what the operation does
     *     not use is passed over, and only a {@code length} that was sent may differ
     * @param maxima which settings bound some of them
     * @param without what the face does not have at which the request came in
     * @throws dev.phasor.signal.InvalidInputException {@code BAD_PARAMETER} for a name that the operation does not use,
     *     a value that no operation could, and one that contradicts what is described
     */
    public Parameters(
            Endpoint endpoint,
            Map<String, String> sent,
            Map<String, String> description,
            Maxima maxima,
            Set<Parameter<?>> without) {
        this.maxima = maxima;
        Map<String, String> named = new HashMap<>();
        sent.forEach((typed, value) -> {
            endpoint.check(typed, value, without);
            String name = endpoint.named(typed);
            String before = named.put(name, value);
            if (before != null && !before.equals(value)) {
                throw badParameter(name, "given once", before + " and " + value);
            }
        });
        for (Parameter<?> parameter : endpoint.parameters()) {
            String value = named.get(parameter.wireName());
            if (value != null) {
                values.put(parameter, parameter.parse(value, maxima.of(parameter)));
            }
        }
        description.forEach((typed, value) -> describe(endpoint, endpoint.named(typed), value, maxima));
        String preset = find(Parameter.MEL).orElse(null);
        if (preset != null) {
            Map<String, String> cells = requireNonNull(MelPresets.all().get(preset));
            for (Parameter<?> parameter : endpoint.parameters()) {
                String cell = cells.get(parameter.wireName());
                if (cell != null) {
                    presets.put(parameter, parameter.parse(cell, maxima.of(parameter)));
                }
            }
        }
    }

    /** The presets of mels, each with the parameters that it stands for: numbers, truths and words. */
    public static Map<String, Map<String, Object>> presets() {
        Map<String, Map<String, Object>> presets = new LinkedHashMap<>();
        MelPresets.all().forEach((preset, cells) -> {
            Map<String, Object> values = new LinkedHashMap<>();
            cells.forEach((name, cell) -> values.put(name, Parameter.of(name).toWire(cell)));
            presets.put(preset, values);
        });
        return presets;
    }

    /**
     * Refuses what {@link #Parameters(Endpoint, Map, Maxima)} refuses.
     *
     * @throws dev.phasor.signal.InvalidInputException {@code BAD_PARAMETER}
     */
    public static void check(Endpoint endpoint, Map<String, String> sent, Maxima maxima) {
        new Parameters(endpoint, sent, maxima).get(Parameter.TIMEOUT, 0.0);
    }

    private void describe(Endpoint endpoint, String name, String value, Maxima maxima) {
        if (!Parameter.exists(name)) {
            throw badParameter("a value without an axis in the NPZ", "a parameter, such as hop_length", name);
        }
        for (Parameter<?> parameter : endpoint.parameters()) {
            if (parameter.wireName().equals(name)) {
                Object told = parameter.parse(value, maxima.of(parameter));
                described.put(parameter, told);
                Object sent = values.get(parameter);
                if (sent != null && !sent.equals(told) && parameter != Parameter.LENGTH) {
                    throw badParameter(name, "left out, or what the NPZ says, " + value, sent);
                }
            }
        }
    }

    /** Whether it was sent, by itself, with the file or by a preset. */
    public boolean has(Parameter<?> parameter) {
        return isSent(parameter) || isDescribed(parameter) || presets.containsKey(parameter);
    }

    /** Whether the file that holds the arrays says it. */
    boolean isDescribed(Parameter<?> parameter) {
        return described.containsKey(parameter);
    }

    /** Whether it is what the preset says. */
    boolean isOfPreset(Parameter<?> parameter) {
        return presets.containsKey(parameter) && !isSent(parameter) && !isDescribed(parameter);
    }

    /** Whether it was sent by itself. */
    public boolean isSent(Parameter<?> parameter) {
        return values.containsKey(parameter);
    }

    /**
     * Refuses what was sent by itself and is not used; a file may tell more than is used.
     *
     * @param user what would use them
     * @throws dev.phasor.signal.InvalidInputException {@code BAD_PARAMETER}
     */
    void refuseWithout(String user, Parameter<?>... unused) {
        for (Parameter<?> parameter : unused) {
            Object sent = values.get(parameter);
            if (sent != null) {
                throw badParameter(parameter.wireName(), "left out without " + user, wire(sent));
            }
        }
    }

    /** The value, where one was sent, or that of the file, or of the preset. */
    public <T> Optional<T> find(Parameter<T> parameter) {
        return Stream.of(values, described, presets)
                .filter(from -> from.containsKey(parameter))
                .findFirst()
                .map(from -> from.get(parameter))
                .map(parameter::cast);
    }

    /** The value, or the parameter's default. */
    public <T> T get(Parameter<T> parameter) {
        return find(parameter).orElseGet(() -> maxima.within(parameter, parameter.fallback()));
    }

    /** The value, or what stands for it here. */
    public <T> T get(Parameter<T> parameter, T fallback) {
        return find(parameter).orElseGet(() -> maxima.within(parameter, fallback));
    }

    /**
     * How long the client lets its request wait and be computed.
     *
     * @param longest in seconds, which is also what it is where it is left out
     */
    public Duration timeout(int longest) {
        return Duration.ofNanos((long) (1e9 * get(Parameter.TIMEOUT, (double) longest)));
    }

    /** A value as reports have it. */
    static Object wire(Object value) {
        return value instanceof Enum<?> constant ? wire(constant) : value;
    }

    /** The name of a constant as clients write it. */
    public static String wire(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
