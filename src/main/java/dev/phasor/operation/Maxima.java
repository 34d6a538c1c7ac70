package dev.phasor.operation;

import dev.phasor.compute.ComputeSettings;
import dev.phasor.compute.Limits;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The largest value of each parameter, where {@link Parameter} says it and where a setting does. */
public final class Maxima {

    private static final Set<Parameter<?>> ITERATIONS =
            Set.of(Parameter.N_ITER, Parameter.SOURCES_ITERATIONS, Parameter.STRETCH_ITERATIONS);

    private final Map<Parameter<?>, Number> bounds;

    public Maxima(Limits limits, ComputeSettings compute) {
        bounds = Map.of(
                Parameter.N_FFT, limits.maxFftSize(),
                Parameter.N_ITER, limits.maxIterations(),
                Parameter.SOURCES_ITERATIONS, limits.maxIterations(),
                Parameter.STRETCH_ITERATIONS, limits.maxIterations(),
                Parameter.TIMEOUT, compute.timeout());
    }

    /** A default, or the largest number of iterations where that is smaller. */
    <T> T within(Parameter<T> parameter, T value) {
        Number most = ITERATIONS.contains(parameter) ? bounds.get(parameter) : null;
        return most instanceof Integer integer && value instanceof Integer count && count > integer
                ? parameter.cast(integer)
                : value;
    }

    /** Null where there is none, or another parameter bounds it. */
    public @Nullable Number of(Parameter<?> parameter) {
        return bounds.getOrDefault(parameter, parameter.max());
    }
}
