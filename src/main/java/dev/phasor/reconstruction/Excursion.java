package dev.phasor.reconstruction;

import java.util.Arrays;

/**
 * Looks for a better valley from the bottom of one: {@link Admm} from a signal, and a descent. The better of the two
 * signals is delivered, so it is never worse than where it begins.
 */
final class Excursion {

    private static final String WANDERING = "excursion";

    private static final String DESCENT = "excursion's descent";

    /** ADMM's part of the iterations: as {@link Hybrid}. */
    private static final double ADMM_PART = 0.6;

    private final Session session;
    private final int first;
    private final int until;

    /** @param first the iteration at which it begins */
    Excursion(Session session, int first, int until) {
        this.session = session;
        this.first = first;
        this.until = until;
    }

    /** Whether an excursion was kept, which goes on from its own signals. */
    static boolean isKept(Session session) {
        return session.isKeptAt(WANDERING) || session.isKeptAt(DESCENT);
    }

    /**
     * Runs, and returns the better signal.
     *
     * @param bottom where it begins, unless it was kept. Modified then.
     */
    float[] run(float[] bottom) {
        float[] found = session.newSignal();
        if (!session.isKeptAt(DESCENT)) {
            session.newStage();
            int home = first + (int) (ADMM_PART * (until - first));
            found = new Admm().runFrom(session, WANDERING, bottom, first, home);
            session.newStage();
        }
        found = new QuasiNewton(session, DESCENT, bottom).descend(found, until);
        return error(found) < error(bottom) ? found : bottom;
    }

    private double error(float[] samples) {
        double[] errors = new double[session.loop().tiles()];
        session.loop()
                .analyze(
                        samples,
                        (tile, re, im) -> errors[tile] = session.target().squaredError(tile, re, im));
        return Arrays.stream(errors).sum();
    }
}
