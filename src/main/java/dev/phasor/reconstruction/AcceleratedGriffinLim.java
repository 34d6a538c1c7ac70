package dev.phasor.reconstruction;

import dev.phasor.signal.Ranges;

/**
 * The accelerated Griffin-Lim algorithm (Nenov, Nguyen, Balazs, Bot, "Accelerated Griffin-Lim Algorithm: A Fast and
 * Provably Converging Numerical Method for Phase Retrieval", 2023, algorithm 3):
 *
 * <pre>
 * t = (1 - g) d + g P_C(P_A(c)),   c = t + a (t - t_old),   d = t + b (t - t_old)
 * </pre>
 *
 * b = a, so that d = c. g is the over-relaxation that measured best; g = 1 is {@link GriffinLim}, and from g = 1.5 on
 * the iteration diverges. As in {@link GriffinLim}, everything but P_A is computed on signals.
 *
 * @param momentum a
 */
record AcceleratedGriffinLim(double momentum) implements Refinement {

    private static final String STAGE = "agla";

    static final float OVER_RELAXATION = Relaxation.AGLA;

    @Override
    public float[] run(Session session) {
        float[] c = session.newSignal();
        float[] projected = session.newSignal();
        float[] old = session.newSignal();
        if (!session.resume(STAGE, c, projected, old)) {
            session.start(c);
            System.arraycopy(c, 0, old, 0, c.length);
        }
        float a = (float) momentum;
        float g = OVER_RELAXATION;
        while (session.goesOn(session.limit())) {
            session.iterate(c, session.target()::project, projected);
            Ranges.forEach(c.length, c.length, 1, (from, to) -> {
                for (int i = from; i < to; i++) {
                    float t = (1 - g) * c[i] + g * projected[i];
                    c[i] = t + a * (t - old[i]);
                    old[i] = t;
                }
            });
            session.keep(STAGE, c, projected, old);
        }
        return projected;
    }
}
