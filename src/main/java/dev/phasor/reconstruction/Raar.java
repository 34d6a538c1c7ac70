package dev.phasor.reconstruction;

/**
 * Relaxed averaged alternating reflections (Luke 2005; for audio: Kobayashi, Tanaka, Yatabe, Oikawa, "Acoustic
 * Application of Phase Reconstruction Algorithms in Optics", 2022):
 *
 * <pre>
 * z = 2 P_A(x) - x,   x = b/2 (x + 2 P_C(z) - z) + (1 - b) P_A(x)
 * </pre>
 *
 * Like ADMM's, its iterates do not settle. A last P_A(x) is delivered.
 */
final class Raar implements Refinement {

    private static final String STAGE = "raar";

    private static final float B = Relaxation.RAAR;

    @Override
    public float[] run(Session session) {
        Target target = session.target();
        float[][] xRe = session.newPlane();
        float[][] xIm = session.newPlane();
        float[] y = session.newSignal();
        float[] next = session.newSignal();
        // x = P_A(x) at the start, so that z = x.
        if (!session.resume(STAGE, Session.state(xRe, xIm, y))) {
            session.start(xRe, xIm, y);
        }
        while (session.goesOn(session.limit())) {
            session.iterate(y, (tile, re, im) -> reflect(target, tile, xRe[tile], xIm[tile], re, im), next);
            float[] swap = y;
            y = next;
            next = swap;
            session.keep(STAGE, Session.state(xRe, xIm, y));
        }
        session.loop()
                .synthesize(
                        (tile, re, im) -> {
                            System.arraycopy(xRe[tile], 0, re, 0, re.length);
                            System.arraycopy(xIm[tile], 0, im, 0, im.length);
                            target.project(tile, re, im);
                        },
                        next);
        return next;
    }

    /** Turns P_C(z) in re, im into the next z. P_A(x) is computed twice, since holding it would take two planes. */
    private static void reflect(Target target, int tile, float[] xRe, float[] xIm, float[] re, float[] im) {
        float[] pRe = xRe.clone();
        float[] pIm = xIm.clone();
        target.project(tile, pRe, pIm);
        relax(xRe, pRe, re);
        relax(xIm, pIm, im);
        target.project(tile, re, im);
        mirror(xRe, re);
        mirror(xIm, im);
    }

    /** x becomes b/2 (x + 2 c - z) + (1 - b) p with z = 2 p - x, and c becomes the new x. */
    private static void relax(float[] x, float[] p, float[] c) {
        for (int i = 0; i < x.length; i++) {
            float relaxed = B * (x[i] + c[i] - p[i]) + (1 - B) * p[i];
            x[i] = relaxed;
            c[i] = relaxed;
        }
    }

    /** p becomes z = 2 p - x. */
    private static void mirror(float[] x, float[] p) {
        for (int i = 0; i < x.length; i++) {
            p[i] = 2 * p[i] - x[i];
        }
    }
}
