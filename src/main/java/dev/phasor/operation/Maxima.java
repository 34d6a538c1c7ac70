package dev.phasor.operation;

import dev.phasor.compute.ComputeSettings;
import dev.phasor.compute.Limits;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The largest value of each parameter, where {@link Parameter} says it and where a setting does. */
public final class Maxima {

    private final Map<Parameter<?>, Number> bounds;

    public Maxima(Limits limits, ComputeSettings compute) {
        bounds = Map.of(
                Parameter.N_FFT, limits.maxFftSize(),
                Parameter.N_ITER, limits.maxIterations(),
                Parameter.SOURCES_ITERATIONS, limits.maxIterations(),
                Parameter.STRETCH_ITERATIONS, limits.maxIterations(),
                Parameter.TIMEOUT, compute.timeout());
    }

    /** Null where there is none, or another parameter bounds it. */
    public @Nullable Number of(Parameter<?> parameter) {
        return bounds.getOrDefault(parameter, parameter.max());
    }
}
