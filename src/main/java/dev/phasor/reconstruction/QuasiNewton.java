package dev.phasor.reconstruction;

import dev.phasor.stft.EndRoots;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Descends to the bottom of a valley by limited-memory BFGS (Nocedal, "Updating Quasi-Newton Matrices with Limited
 * Storage", 1980; Liu, Nocedal 1989, algorithm 2.1) on the squared error of a signal's magnitudes,
 *
 * <pre>
 * f(x) = || |STFT(x)| - M ||^2 / 2,   whose gradient, measured by overlapping windows, is g = x - inverse(P_A(STFT(x)))
 * </pre>
 *
 * Products of signals are measured so too: {@link EndRoots} where the windows do not overlap evenly, at the ends of
 * uncentered frames.
 *
 * <p>A step of length 1 without memory is therefore Griffin-Lim's. There is no line search: the curvature that an
 * upward step reveals corrects the next step. Only a last step that leads upwards is dropped.
 */
final class QuasiNewton {

    private static final String STAGE = "descent";

    private final Session session;
    private final String stage;
    /** Kept with the state. */
    private final float[][] beside;

    private final CurvaturePairs pairs;
    private final EndRoots roots;

    QuasiNewton(Session session) {
        this(session, STAGE);
    }

    /**
     * @param stage under which it is kept
     * @param beside kept with the state; modified where a descent goes on
     */
    QuasiNewton(Session session, String stage, float[]... beside) {
        this.session = session;
        this.stage = stage;
        this.beside = beside;
        double plane = (double) session.loop().tiles() * session.loop().tileSize();
        pairs = new CurvaturePairs(
                session.kernel(),
                Curvature.pairs(plane, session.loop().length()),
                session.loop().length());
        roots = session.loop().roots();
    }

    /** Whether a descent was kept, which goes on from its own signal. */
    static boolean isKept(Session session) {
        return session.isKeptAt(STAGE);
    }

    /**
     * Bytes of the pairs and the roots, which are as long as a signal at most, given the bytes of a plane and of it.
     */
    static long bytes(long plane, long signal) {
        return (2L * Curvature.pairs(plane, signal) + 4) * signal;
    }

    /**
     * Iterates from a signal to the session's last iteration.
     *
     * @param x Modified.
     * @return Griffin-Lim's step from the last signal, or from the signal before it if its error was smaller
     */
    float[] descend(float[] x) {
        return descend(x, session.limit());
    }

    /** {@link #descend(float[])} up to the {@code until}-th iteration. */
    float[] descend(float[] x, int until) {
        float[] projected = session.newSignal();
        double last = Double.POSITIVE_INFINITY;
        if (session.isKeptAt(stage)) {
            float[] numbers = pairs.numbers(last);
            session.resume(stage, state(x, numbers));
            last = pairs.restore(numbers);
        }
        while (session.goesOn(until)) {
            double error = session.iterateProjecting(x, projected);
            if (!session.goesOn(until)) {
                return error > last ? before(x) : projected;
            }
            last = error;
            roots.multiply(x);
            roots.multiply(projected);
            pairs.observe(x, projected);
            pairs.step(x);
            roots.divide(x);
            if (session.isKeptNow()) {
                session.keep(stage, state(x, pairs.numbers(last)));
            }
        }
        return x;
    }

    private float[][] state(float[] x, float[] numbers) {
        return Stream.of(pairs.state(x, numbers), beside)
                .flatMap(Arrays::stream)
                .toArray(float[][]::new);
    }

    private float[] before(float[] x) {
        roots.multiply(x);
        float[] projected = pairs.projectedBefore(x);
        roots.divide(projected);
        return projected;
    }
}
