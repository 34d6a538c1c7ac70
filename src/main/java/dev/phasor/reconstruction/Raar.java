package dev.phasor.reconstruction;

import dev.phasor.stft.FrameLoop.Step;

/**
 * Relaxed averaged alternating reflections (Luke 2005; for audio: Kobayashi, Tanaka, Yatabe, Oikawa, "Acoustic Application of
 * Phase Reconstruction Algorithms in Optics", 2022):
 *
 * <pre>
 * z = 2 P_A(x) - x,   x = b/2 (x + 2 P_C(z) - z) + (1 - b) P_A(x)
 * </pre>
 *
 * It wavers as {@link Admm} does; what is delivered is a last P_A(x).
 */
final class Raar implements Refinement {

    private static final float B = 0.9f;

    @Override
    public float[] run(Session session, Step start) {
        State state = new State(session);
        float[] y = session.newSignal();
        float[] next = session.newSignal();
        session.loop()
                .synthesize(
                        (tile, re, im) -> {
                            start.apply(tile, re, im);
                            state.start(tile, re, im);
                        },
                        y);
        while (session.goesOn(session.limit())) {
            session.iterate(y, state::reflect, next);
            float[] swap = y;
            y = next;
            next = swap;
        }
        session.loop().synthesize(state::deliver, next);
        return next;
    }

    /** x and P_A(x), by tile. */
    private static final class State {

        private final Target target;
        private final float[][] xRe;
        private final float[][] xIm;
        private final float[][] pRe;
        private final float[][] pIm;

        State(Session session) {
            target = session.target();
            xRe = session.newPlane();
            xIm = session.newPlane();
            pRe = session.newPlane();
            pIm = session.newPlane();
        }

        /** x = P_A(x) at the start, so that z = x. */
        void start(int tile, float[] re, float[] im) {
            System.arraycopy(re, 0, xRe[tile], 0, re.length);
            System.arraycopy(im, 0, xIm[tile], 0, im.length);
            System.arraycopy(re, 0, pRe[tile], 0, re.length);
            System.arraycopy(im, 0, pIm[tile], 0, im.length);
        }

        /** From P_C(z) to the next z. */
        void reflect(int tile, float[] re, float[] im) {
            relax(xRe[tile], pRe[tile], re);
            relax(xIm[tile], pIm[tile], im);
            target.project(tile, re, im);
            System.arraycopy(re, 0, pRe[tile], 0, re.length);
            System.arraycopy(im, 0, pIm[tile], 0, im.length);
            mirror(xRe[tile], re);
            mirror(xIm[tile], im);
        }

        void deliver(int tile, float[] re, float[] im) {
            System.arraycopy(pRe[tile], 0, re, 0, re.length);
            System.arraycopy(pIm[tile], 0, im, 0, im.length);
        }

        /** x = b/2 (x + 2 c - z) + (1 - b) p with z = 2 p - x; c becomes x too. */
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
}
