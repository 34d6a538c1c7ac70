package dev.phasor.reconstruction;

/**
 * Runs {@link Admm} for the first part of the iterations and {@link QuasiNewton} for the rest. ADMM finds a better
 * valley, and L-BFGS descends to its bottom. A tolerance that is met in the first part ends that part only. ADMM is
 * left out after a start that used iterations, since that start has found a valley.
 */
final class Hybrid implements Refinement {

    /**
     * ADMM runs this many times sqrt(n_iter) iterations, at most half: its early iterations gain more than its late
     * ones.
     */
    private static final double ADMM_ITERATIONS = 3;

    /** The iterations of ADMM, of n_iter. */
    static int admm(int limit) {
        return (int) Math.min(limit / 2.0, ADMM_ITERATIONS * Math.sqrt(limit));
    }

    @Override
    public float[] run(Session session) {
        float[] samples;
        if (QuasiNewton.isKept(session)) {
            samples = session.newSignal();
        } else if (session.isFirst()) {
            int limit = session.limit();
            samples = new Admm().run(session, admm(limit));
            session.newStage();
        } else {
            samples = session.newSignal();
            session.start(samples);
        }
        return new QuasiNewton(session).descend(samples);
    }
}
