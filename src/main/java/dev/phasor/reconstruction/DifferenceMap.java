package dev.phasor.reconstruction;

/**
 * The difference map (Elser 2003; for audio: Kobayashi, Tanaka, Yatabe, Oikawa 2022):
 *
 * <pre>
 * x = x + b (P_A(f_C(x)) - P_C(f_A(x))),   f_C(x) = P_C(x) + (P_C(x) - x)/b,   f_A(x) = P_A(x) - (P_A(x) - x)/b
 * </pre>
 *
 * An iteration takes two passes, one for P_C(x) and one for P_C(f_A(x)). Like ADMM's, its iterates do not settle. At a
 * fixed point P_A(f_C(x)) = P_C(f_A(x)), which differs from x; P_A(f_C(x)) is delivered.
 */
final class DifferenceMap implements Refinement {

    private static final String STAGE = "difference_map";

    private static final float B = Relaxation.DIFFERENCE_MAP;

    @Override
    public float[] run(Session session) {
        Target target = session.target();
        float[][] xRe = session.newPlane();
        float[][] xIm = session.newPlane();
        float[] y = session.newSignal();
        float[] next = session.newSignal();
        if (!session.resume(STAGE, Session.state(xRe, xIm, y))) {
            session.start(xRe, xIm, y);
        }
        while (session.goesOn(session.limit())) {
            session.iterate(y, (tile, re, im) -> magnitudeSide(target, tile, xRe[tile], xIm[tile], re, im), next);
            session.loop()
                    .resynthesize(
                            next,
                            (tile, re, im) -> {
                                subtract(xRe[tile], re);
                                subtract(xIm[tile], im);
                            },
                            y);
            session.keep(STAGE, Session.state(xRe, xIm, y));
        }
        session.loop()
                .resynthesize(
                        y,
                        (tile, re, im) -> {
                            overshoot(xRe[tile], re);
                            overshoot(xIm[tile], im);
                            target.project(tile, re, im);
                        },
                        next);
        return next;
    }

    /** Turns P_C(x) in re, im into f_A(x), and x into x + b P_A(f_C(x)). The second pass subtracts b P_C(f_A(x)). */
    private static void magnitudeSide(Target target, int tile, float[] xRe, float[] xIm, float[] re, float[] im) {
        overshoot(xRe, re);
        overshoot(xIm, im);
        target.project(tile, re, im);
        float[] pRe = xRe.clone();
        float[] pIm = xIm.clone();
        target.project(tile, pRe, pIm);
        advance(xRe, pRe, re);
        advance(xIm, pIm, im);
    }

    /** c becomes f_C(x) = c + (c - x) / b. */
    private static void overshoot(float[] x, float[] c) {
        for (int i = 0; i < x.length; i++) {
            c[i] += (c[i] - x[i]) / B;
        }
    }

    /** x becomes x + b q with q = P_A(f_C(x)), and q becomes f_A(x) = p - (p - x) / b. */
    private static void advance(float[] x, float[] p, float[] q) {
        for (int i = 0; i < x.length; i++) {
            float undershot = p[i] - (p[i] - x[i]) / B;
            x[i] += B * q[i];
            q[i] = undershot;
        }
    }

    /** x becomes x - b c, and c becomes the new x. */
    private static void subtract(float[] x, float[] c) {
        for (int i = 0; i < x.length; i++) {
            x[i] -= B * c[i];
            c[i] = x[i];
        }
    }
}
