package dev.phasor.operation;

import dev.phasor.compute.ComputeSettings;
import dev.phasor.compute.Limits;
import org.jspecify.annotations.Nullable;

/** The largest value of each parameter, where {@link Parameter} says it and where a setting does. */
public final class Maxima {

    private final int fftSize;
    private final int iterations;
    private final int timeout;

    public Maxima(Limits limits, ComputeSettings compute) {
        fftSize = limits.maxFftSize();
        iterations = limits.maxIterations();
        timeout = compute.timeout();
    }

    /** Null where there is none, or another parameter bounds it. */
    public @Nullable Number of(Parameter parameter) {
        return switch (parameter) {
            case N_FFT -> fftSize;
            case N_ITER -> iterations;
            case TIMEOUT -> timeout;
            default -> parameter.max();
        };
    }
}
