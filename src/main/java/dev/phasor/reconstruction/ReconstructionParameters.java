package dev.phasor.reconstruction;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.stft.StftParameters;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a reconstruction. Start from {@link #of} and change single values.
 *
 * @param stft the transform whose magnitudes are given
 * @param iterations n_iter, at least 1; ignored by algorithms that do not iterate
 * @param momentum in 0..1: the acceleration of fast_griffinlim and agla; 0 for none
 * @param tolerance iterations stop when the spectral convergence changes by less than this fraction of itself in one
 *     iteration; 0 for never. The convergence is a ratio of errors and does not depend on scale.
 * @param init the phase to start from
 * @param given the phase that {@code init=given} starts from, with its known bins; null for none
 * @param seed the seed of every random phase: the same seed and settings give the same samples, bit for bit
 * @param length samples to deliver; null for the shortest signal with the magnitudes' number of frames
 * @param lookahead hops that {@link Algorithm#LIVE} waits before it decides on samples, 0..{@value #MOST_LOOKAHEAD}
 * @param sampleRate the sample rate of the delivered audio, Hz
 */
public record ReconstructionParameters(
        StftParameters stft,
        int iterations,
        double momentum,
        double tolerance,
        Initialization init,
        @Nullable GivenPhase given,
        long seed,
        @Nullable Integer length,
        int lookahead,
        int sampleRate) {

    public static final int MOST_LOOKAHEAD = 7;
    public static final int DEFAULT_LOOKAHEAD = 3;

    /** Of {@link Algorithm#LIVE}, for each hop. */
    public static final int LIVE_ITERATIONS = 8;

    public static final int DEFAULT_ITERATIONS = 100;
    public static final double DEFAULT_MOMENTUM = 0.99;

    /** @throws InvalidInputException {@code BAD_PARAMETER} naming the parameter, its range and the value */
    public ReconstructionParameters {
        require(iterations >= 1, "n_iter", "at least 1", iterations);
        require(momentum >= 0 && momentum <= 1, "momentum", "in 0..1", momentum);
        require(tolerance >= 0 && tolerance < 1, "tolerance", "in 0..1, 1 excluded", tolerance);
        require(init != Initialization.GIVEN || given != null, "init", "given only with a phase", "none");
        require(lookahead >= 0 && lookahead <= MOST_LOOKAHEAD, "lookahead", "in 0.." + MOST_LOOKAHEAD, lookahead);
        require(length == null || length >= 1, "length", "at least 1", length);
    }

    private static void require(boolean holds, String name, String rule, @Nullable Object value) {
        if (!holds) {
            throw InvalidInputException.badParameter(name, rule, String.valueOf(value));
        }
    }

    /** 100 iterations from PGHI's phase, momentum 0.99, no tolerance, seed 0, the default length. */
    public static ReconstructionParameters of(StftParameters stft) {
        return new ReconstructionParameters(
                stft,
                DEFAULT_ITERATIONS,
                DEFAULT_MOMENTUM,
                0,
                Initialization.PGHI,
                null,
                0,
                null,
                DEFAULT_LOOKAHEAD,
                AudioSignal.UNKNOWN_RATE);
    }

    public ReconstructionParameters withIterations(int n) {
        return new ReconstructionParameters(
                stft, n, momentum, tolerance, init, given, seed, length, lookahead, sampleRate);
    }

    public ReconstructionParameters withMomentum(double value) {
        return new ReconstructionParameters(
                stft, iterations, value, tolerance, init, given, seed, length, lookahead, sampleRate);
    }

    public ReconstructionParameters withTolerance(double value) {
        return new ReconstructionParameters(
                stft, iterations, momentum, value, init, given, seed, length, lookahead, sampleRate);
    }

    public ReconstructionParameters withInit(Initialization value) {
        return new ReconstructionParameters(
                stft, iterations, momentum, tolerance, value, given, seed, length, lookahead, sampleRate);
    }

    /** Starts from this phase, and keeps it where it is known. */
    public ReconstructionParameters startingFrom(GivenPhase phase) {
        return new ReconstructionParameters(
                stft,
                iterations,
                momentum,
                tolerance,
                Initialization.GIVEN,
                phase,
                seed,
                length,
                lookahead,
                sampleRate);
    }

    public ReconstructionParameters withSeed(long value) {
        return new ReconstructionParameters(
                stft, iterations, momentum, tolerance, init, given, value, length, lookahead, sampleRate);
    }

    public ReconstructionParameters withLength(@Nullable Integer samples) {
        return new ReconstructionParameters(
                stft, iterations, momentum, tolerance, init, given, seed, samples, lookahead, sampleRate);
    }

    public ReconstructionParameters withLookahead(int hops) {
        return new ReconstructionParameters(
                stft, iterations, momentum, tolerance, init, given, seed, length, hops, sampleRate);
    }

    public ReconstructionParameters withSampleRate(int hertz) {
        return new ReconstructionParameters(
                stft, iterations, momentum, tolerance, init, given, seed, length, lookahead, hertz);
    }

    /** @throws InvalidInputException {@code BAD_PARAMETER} if the iterations exceed the limit */
    public void checkIterations(int limit) {
        require(iterations <= limit, "n_iter", "in 1.." + limit, iterations);
    }
}
