package dev.phasor.reconstruction;

/**
 * {@link Admm} for the first part of the iterations, {@link QuasiNewton} for the rest: the one finds a better valley,
 * the other its bottom. A tolerance that is met in the first part ends that part only. A start that took some of the
 * iterations has found its valley.
 */
final class Hybrid implements Refinement {

    /**
     * ADMM's iterations are so many times the root of all: what it finds early is worth more than what it finds late.
     */
    private static final double ADMM_ITERATIONS = 3;

    @Override
    public float[] run(Session session) {
        float[] samples;
        if (session.iterations() == 0) {
            int limit = session.limit();
            samples = new Admm().run(session, (int) Math.min(limit / 2.0, ADMM_ITERATIONS * Math.sqrt(limit)));
            session.newStage();
        } else {
            samples = session.newSignal();
            session.start(samples);
        }
        return new QuasiNewton(session).descend(samples);
    }
}
