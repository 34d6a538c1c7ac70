package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A request's parameters. Each is of its type and in its range, whether or not it is used. */
public final class Parameters {

    private final Map<Parameter<?>, Object> values = new HashMap<>();

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
    }

    public boolean has(Parameter<?> parameter) {
        return values.containsKey(parameter);
    }

    /** The value, where one was sent. */
    public <T> Optional<T> find(Parameter<T> parameter) {
        return Optional.ofNullable(values.get(parameter)).map(parameter::cast);
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
