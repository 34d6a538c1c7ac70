package dev.phasor.reconstruction;

import dev.phasor.reconstruction.Relaxation.Schedule;

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

    @Override
    public float[] run(Session session) {
        return run(session, session.limit(), Schedule.ALONE);
    }

    /** Runs up to the {@code until}-th iteration and returns the inverse transform of X. */
    float[] run(Session session, int until, Schedule relaxation) {
        return run(session, STAGE, session.spent(), until, relaxation, session::start);
    }

    /**
     * Runs from a signal on, up to the {@code until}-th iteration, for an {@link Excursion}.
     *
     * @param stage under which it is kept
     * @param signal not modified, unless the state that was kept has another
     * @param first the iteration at which it begins; rounds before it may have left a few
     */
    float[] runFrom(Session session, String stage, float[] signal, int first, int until) {
        Start start = (yRe, yIm, y) -> session.loop()
                .resynthesize(
                        signal,
                        (tile, re, im) -> {
                            session.target().project(tile, re, im);
                            System.arraycopy(re, 0, yRe[tile], 0, re.length);
                            System.arraycopy(im, 0, yIm[tile], 0, im.length);
                        },
                        y);
        return run(session, stage, first, until, Schedule.EXCURSION, start, signal);
    }

    /** Writes the first Y, by tile, and its inverse. */
    @FunctionalInterface
    private interface Start {
        void write(float[][] yRe, float[][] yIm, float[] y);
    }

    /** @param beside kept with the state */
    private static float[] run(
            Session session, String stage, int first, int until, Schedule relaxation, Start start, float[]... beside) {
        int count = until - first;
        float[][] yRe = session.newPlane();
        float[][] yIm = session.newPlane();
        float[] y = session.newSignal();
        float[] next = session.newSignal();
        if (!session.resume(stage, Session.state(yRe, yIm, y, beside))) {
            start.write(yRe, yIm, y);
        }
        boolean delivered = until == session.iterations();
        while (session.goesOn(until)) {
            boolean last = session.iterations() + 1 == until;
            float r = relaxation.at(Math.max(0, session.iterations() - first), count);
            session.iterate(
                    y, (tile, re, im) -> step(session.target(), r, tile, yRe[tile], yIm[tile], re, im, last), next);
            float[] swap = y;
            y = next;
            next = swap;
            delivered = last;
            if (!last) {
                session.keep(stage, Session.state(yRe, yIm, y, beside));
            }
        }
        if (!delivered) {
            float r = relaxation.at(Math.max(0, session.iterations() - first), count);
            session.loop()
                    .resynthesize(
                            y,
                            (tile, re, im) -> step(session.target(), r, tile, yRe[tile], yIm[tile], re, im, true),
                            next);
            return next;
        }
        return y;
    }

    /** Turns P_C(Y) in re, im into the next Y, or into X if {@code deliver}. */
    private static void step(
            Target target, float r, int tile, float[] yRe, float[] yIm, float[] re, float[] im, boolean deliver) {
        float own = r / (1 + r);
        float consistent = 1 / (1 + r);
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
