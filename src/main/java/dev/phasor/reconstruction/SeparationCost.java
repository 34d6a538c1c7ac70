package dev.phasor.reconstruction;

import dev.phasor.stft.TransformCost;

/**
 * Predicts the cost of a {@link Separator}: an upper bound of the bytes held at once, and the work, in values passed
 * over of some 10 ns each. Channels are computed one after the other.
 *
 * @param sources a residual counted
 * @param items channels of the mixture
 * @param length of an item, in samples
 * @param iterations that are run
 * @param planes floats that a bin of an estimate came as, and what was made of it
 */
public record SeparationCost(
        TransformCost transform, int sources, int items, int frames, int length, int iterations, int planes) {

    /** Signals of each source while a state is moved: start, u, t_old and y. */
    private static final int FORWARD_SIGNALS = 4;

    /** Beside those kept: the state at work, the cotangents of three steps, and what is being made. */
    private static final int BACKWARD_SIGNALS = 9;

    /** Planes of each source: M, z, the gradient, dS and dz. */
    private static final int BACKWARD_PLANES = 8;

    /** Values of all sources' planes. */
    public double values() {
        return (double) sources * items * frames * transform.parameters().bins();
    }

    /** Samples of all sources. */
    public double samples() {
        return (double) sources * items * length;
    }

    /** @param back whether the gradient is asked for */
    public long bytes(boolean back) {
        long plane = transform.plane(frames);
        long signal = Float.BYTES * (long) length;
        long answered = 2 * (long) Math.min(Long.MAX_VALUE / 4, Float.BYTES * samples());
        long given = (long) sources * items * plane * planes;
        long shared = transform.tables() + 2 * transform.workers() + transform.overlap() + transform.sums(1, length);
        long mixture = 2 * plane + 2 * signal;
        if (!back) {
            long measuring = transform.tiles(frames) + transform.loop() + 2 * signal;
            return shared + given + answered + mixture + measuring + sources * (3 * plane + FORWARD_SIGNALS * signal);
        }
        long gradients = 2 * (long) sources * items * plane * planes;
        long kept = 2L * (Checkpoints.SLOTS + 1) * signal;
        return shared
                + given
                + answered
                + mixture
                + gradients
                + sources * (BACKWARD_PLANES * plane + kept + BACKWARD_SIGNALS * signal)
                + Double.BYTES * (length + 2L * transform.parameters().fftSize());
    }

    /** @param back whether the gradient is asked for */
    public double work(boolean back) {
        double step = 2 * transform.frames(frames)
                + MixtureBins.WORK * (double) frames * transform.parameters().bins();
        double steps = iterations + 4.0;
        double all = back ? steps * (3 + Checkpoints.repetitions(iterations)) : steps;
        return transform.making() + (double) items * sources * (all * (step + 4.0 * length) + 5000);
    }
}
