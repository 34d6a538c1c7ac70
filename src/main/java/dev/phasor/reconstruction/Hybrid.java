package dev.phasor.reconstruction;

import dev.phasor.stft.FrameLoop.Step;

/**
 * {@link Admm} for the first part of the iterations, {@link AcceleratedGriffinLim} for the rest: the one finds a better
 * valley, the other its bottom. A tolerance that is met in the first part ends that part only.
 */
record Hybrid(double momentum) implements Refinement {

    /** Measured: benchmarks/QUALITY.md. */
    private static final double ADMM_SHARE = 0.6;

    @Override
    public float[] run(Session session, Step start) {
        float[] samples = new Admm().run(session, start, (int) (ADMM_SHARE * session.limit()));
        session.newStage();
        return new AcceleratedGriffinLim(momentum).descend(session, samples);
    }
}
