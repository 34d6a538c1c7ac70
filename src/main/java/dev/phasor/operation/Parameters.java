package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request's parameters, by the names that a client uses. Each is of its type and in its range, whether or not it is
 * used.
 */
public final class Parameters {

    private final Map<String, String> values;

    /**
     * @param maxima which settings bound some of them
     * @throws dev.phasor.signal.InvalidInputException {@code BAD_PARAMETER} for a name that the operation does not use,
     *     and a value that no operation could
     */
    public Parameters(Endpoint endpoint, Map<String, String> values, Maxima maxima) {
        this(endpoint, values, maxima, Set.of());
    }

    /**
     * @param maxima which settings bound some of them
     * @param without what the face does not have at which the request came in
     * @throws dev.phasor.signal.InvalidInputException {@code BAD_PARAMETER} for a name that the operation does not use,
     *     and a value that no operation could
     */
    public Parameters(Endpoint endpoint, Map<String, String> values, Maxima maxima, Set<Parameter> without) {
        values.forEach((name, value) -> endpoint.check(name, value, without));
        this.values = Map.copyOf(values);
        endpoint.parameters().forEach(parameter -> check(parameter, parameter.min(), maxima.of(parameter)));
    }

    private void check(Parameter parameter, @Nullable Number min, @Nullable Number max) {
        String name = parameter.wireName();
        switch (parameter.type()) {
            case INTEGER ->
                integer(
                        name,
                        0,
                        min == null ? Integer.MIN_VALUE : min.intValue(),
                        max == null ? Integer.MAX_VALUE : max.intValue());
            case LONG -> wide(name, 0);
            case NUMBER ->
                number(
                        name,
                        0,
                        min == null ? -Double.MAX_VALUE : min.doubleValue(),
                        max == null ? Double.MAX_VALUE : max.doubleValue());
            case BOOLEAN -> flag(name, false);
            case CHOICE -> checkChoice(name, parameter.choices());
        }
    }

    private void checkChoice(String name, List<String> choices) {
        String value = values.get(name);
        if (value != null && !choices.contains(value.strip().toLowerCase(Locale.ROOT))) {
            throw badParameter(name, "one of " + String.join(", ", choices), value);
        }
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** A whole number in min..max. */
    public int integer(String name, int fallback, int min, int max) {
        String value = values.get(name);
        if (value == null) {
            return fallback;
        }
        String rule = "a whole number in " + min + ".." + max;
        try {
            int number = Integer.parseInt(value.strip());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw badParameter(name, rule, value);
        }
        throw badParameter(name, rule, value);
    }

    /** A 64-bit whole number, as seeds are. */
    public long wide(String name, long fallback) {
        String value = values.get(name);
        try {
            return value == null ? fallback : Long.parseLong(value.strip());
        } catch (NumberFormatException e) {
            throw badParameter(name, "a whole number of 64 bits", value);
        }
    }

    /** A finite number in min..max. */
    public double number(String name, double fallback, double min, double max) {
        String value = values.get(name);
        if (value == null) {
            return fallback;
        }
        String rule = "a finite number in " + min + ".." + max;
        try {
            double number = Double.parseDouble(value.strip());
            if (number >= min && number <= max && Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw badParameter(name, rule, value);
        }
        throw badParameter(name, rule, value);
    }

    /**
     * How long the client lets its request wait and be computed.
     *
     * @param longest in seconds, which is also what it is where it is left out
     */
    public Duration timeout(int longest) {
        return Duration.ofNanos((long) (1e9 * number("timeout", longest, 0.001, longest)));
    }

    /** {@code true} or {@code false}, in any case; {@code 1} and {@code 0} too. */
    public boolean flag(String name, boolean fallback) {
        String value = values.get(name);
        if (value == null) {
            return fallback;
        }
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw badParameter(name, "true or false", value);
        };
    }

    /** One of an enum's constants, by its name in lower case. */
    public <E extends Enum<E>> E choice(String name, E fallback) {
        return choice(name, fallback.getDeclaringClass()).orElse(fallback);
    }

    public <E extends Enum<E>> Optional<E> choice(String name, Class<E> type) {
        String value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        String wanted = value.strip().toLowerCase(Locale.ROOT);
        for (E constant : type.getEnumConstants()) {
            if (wire(constant).equals(wanted)) {
                return Optional.of(constant);
            }
        }
        String names =
                Arrays.stream(type.getEnumConstants()).map(Parameters::wire).collect(Collectors.joining(", "));
        throw badParameter(name, "one of " + names, value);
    }

    /** The name of a constant as clients write it. */
    public static String wire(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
