package dev.phasor.reconstruction;

/**
 * Griffin-Lim like phase recovery via ADMM (Masuyama, Yatabe, Oikawa 2019, eq. 20-22, with the relaxation of its
 * inconsistency term):
 *
 * <pre>
 * Z = (r Y + P_C(Y)) / (1 + r),   X = P_A(2 Z - Y),   Y = Y + X - Z
 * </pre>
 *
 * ADMM leaves the local minima in which Griffin-Lim stays. Its X does not settle, so a descent should follow.
 */
final class Admm implements Refinement {

    private static final String STAGE = "admm";

    private static final float RELAXATION = Relaxation.ADMM;

    @Override
    public float[] run(Session session) {
        return run(session, session.limit());
    }

    /** Runs up to the {@code until}-th iteration and returns the inverse transform of X. */
    float[] run(Session session, int until) {
        float[][] yRe = session.newPlane();
        float[][] yIm = session.newPlane();
        float[] y = session.newSignal();
        float[] next = session.newSignal();
        if (!session.resume(STAGE, Session.state(yRe, yIm, y))) {
            session.start(yRe, yIm, y);
        }
        boolean delivered = until == session.iterations();
        while (session.goesOn(until)) {
            boolean last = session.iterations() + 1 == until;
            session.iterate(
                    y, (tile, re, im) -> step(session.target(), tile, yRe[tile], yIm[tile], re, im, last), next);
            float[] swap = y;
            y = next;
            next = swap;
            delivered = last;
            if (!last) {
                session.keep(STAGE, Session.state(yRe, yIm, y));
            }
        }
        if (!delivered) {
            session.loop()
                    .resynthesize(
                            y,
                            (tile, re, im) -> step(session.target(), tile, yRe[tile], yIm[tile], re, im, true),
                            next);
            return next;
        }
        return y;
    }

    /** Turns P_C(Y) in re, im into the next Y, or into X if {@code deliver}. */
    private static void step(
            Target target, int tile, float[] yRe, float[] yIm, float[] re, float[] im, boolean deliver) {
        float own = RELAXATION / (1 + RELAXATION);
        float consistent = 1 / (1 + RELAXATION);
        for (int i = 0; i < re.length; i++) {
            float z = own * yRe[i] + consistent * re[i];
            re[i] = 2 * z - yRe[i];
            yRe[i] -= z;
        }
        for (int i = 0; i < im.length; i++) {
            float z = own * yIm[i] + consistent * im[i];
            im[i] = 2 * z - yIm[i];
            yIm[i] -= z;
        }
        target.project(tile, re, im);
        for (int i = 0; i < re.length; i++) {
            yRe[i] += re[i];
            yIm[i] += im[i];
        }
        if (!deliver) {
            System.arraycopy(yRe, 0, re, 0, re.length);
            System.arraycopy(yIm, 0, im, 0, im.length);
        }
    }
}
