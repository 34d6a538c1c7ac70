package dev.phasor.reconstruction;

/**
 * Runs {@link Admm} for the first part of the iterations and {@link QuasiNewton} for the rest. ADMM finds a better
 * valley, and L-BFGS descends to its bottom. A tolerance that is met in the first part ends that part only. After a
 * start that used iterations, which has found a valley, ADMM is left out where there are few: more than a descent can
 * use, it looks for a better one.
 */
final class Hybrid implements Refinement {

    /**
     * ADMM runs this many times sqrt(n_iter) iterations, at most half: its early iterations gain more than its late
     * ones.
     */
    private static final double ADMM_ITERATIONS = 3;

    /** The most n_iter whose iterations all descend, after a start that used iterations. */
    static final int DESCENDING = 200;

    /** ADMM's part of the iterations above that. A descent of the others is at its bottom: QUALITY.md. */
    private static final double ADMM_PART = 0.6;

    /**
     * The iteration up to which ADMM runs.
     *
     * @param limit n_iter
     * @param spent of them by the start
     */
    static int admm(int limit, int spent) {
        if (spent == 0) {
            return (int) Math.min(limit / 2.0, ADMM_ITERATIONS * Math.sqrt(limit));
        }
        return limit > DESCENDING ? spent + (int) (ADMM_PART * (limit - spent)) : spent;
    }

    @Override
    public float[] run(Session session) {
        return run(session, session.limit());
    }

    /** Runs up to the {@code limit}-th iteration, as if it were the last. */
    float[] run(Session session, int limit) {
        float[] samples;
        int until = admm(limit, session.spent());
        if (QuasiNewton.isKept(session)) {
            samples = session.newSignal();
        } else if (until > session.spent() || session.isFirst()) {
            samples = new Admm().run(session, until, Relaxation.Schedule.DESCENDED);
            session.newStage();
        } else {
            samples = session.newSignal();
            session.start(samples);
        }
        return new QuasiNewton(session).descend(samples, limit);
    }
}
