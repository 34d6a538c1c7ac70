package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;
import static java.util.Objects.requireNonNull;

import dev.phasor.mel.MelPresets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A request's parameters. Each is of its type and in its range, whether or not it is used. */
public final class Parameters {

    private final Map<Parameter<?>, Object> values = new HashMap<>();
    /** Of the preset that was named. */
    private final Map<Parameter<?>, Object> presets = new HashMap<>();

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
        Map<String, String> named = new HashMap<>();
        sent.forEach((typed, value) -> {
            endpoint.check(typed, value, without);
            String name = Names.parameter(typed);
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
        String preset = (String) values.get(Parameter.MEL);
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

    /** Whether it was sent, by itself or by a preset. */
    public boolean has(Parameter<?> parameter) {
        return values.containsKey(parameter) || presets.containsKey(parameter);
    }

    /** Whether it was sent by itself. */
    public boolean isSent(Parameter<?> parameter) {
        return values.containsKey(parameter);
    }

    /** The value, where one was sent, or that of the preset. */
    public <T> Optional<T> find(Parameter<T> parameter) {
        return Optional.ofNullable(values.getOrDefault(parameter, presets.get(parameter)))
                .map(parameter::cast);
    }

    /** The value, or the parameter's default. */
    public <T> T get(Parameter<T> parameter) {
        return find(parameter).orElseGet(parameter::fallback);
    }

    /** The value, or what stands for it here. */
    public <T> T get(Parameter<T> parameter, T fallback) {
        return find(parameter).orElse(fallback);
    }

    /**
     * How long the client lets its request wait and be computed.
     *
     * @param longest in seconds, which is also what it is where it is left out
     */
    public Duration timeout(int longest) {
        return Duration.ofNanos((long) (1e9 * get(Parameter.TIMEOUT, (double) longest)));
    }

    /** The name of a constant as clients write it. */
    public static String wire(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
