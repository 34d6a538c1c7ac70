package dev.phasor.reconstruction;

import dev.phasor.stft.FrameLoop.Step;

/**
 * The difference map (Elser 2003; for audio: Kobayashi, Tanaka, Yatabe, Oikawa 2022):
 *
 * <pre>
 * x = x + b (P_A(f_C(x)) - P_C(f_A(x))),   f_C(x) = P_C(x) + (P_C(x) - x)/b,   f_A(x) = P_A(x) - (P_A(x) - x)/b
 * </pre>
 *
 * An iteration costs two passes, since both P_C(x) and P_C(f_A(x)) are needed. It wavers as {@link Admm} does; what is delivered
 * is a last P_A(x).
 */
final class DifferenceMap implements Refinement {

    private static final float B = 0.8f;

    @Override
    public float[] run(Session session, Step start) {
        State state = new State(session);
        float[] y = session.newSignal();
        float[] next = session.newSignal();
        session.loop()
                .synthesize(
                        (tile, re, im) -> {
                            start.apply(tile, re, im);
                            System.arraycopy(re, 0, state.xRe[tile], 0, re.length);
                            System.arraycopy(im, 0, state.xIm[tile], 0, im.length);
                        },
                        y);
        while (session.goesOn(session.limit())) {
            session.iterate(y, state::magnitudeSide, next);
            session.loop().resynthesize(next, state::consistencySide, y);
        }
        session.loop().synthesize(state::deliver, next);
        return next;
    }

    private static final class State {

        private final Target target;
        private final float[][] xRe;
        private final float[][] xIm;
        /** x + b P_A(f_C(x)), of which the second half takes b P_C(f_A(x)). */
        private final float[][] sumRe;

        private final float[][] sumIm;

        State(Session session) {
            target = session.target();
            xRe = session.newPlane();
            xIm = session.newPlane();
            sumRe = session.newPlane();
            sumIm = session.newPlane();
        }

        /** From P_C(x) to f_A(x), keeping x + b P_A(f_C(x)). */
        void magnitudeSide(int tile, float[] re, float[] im) {
            overshoot(xRe[tile], re);
            overshoot(xIm[tile], im);
            target.project(tile, re, im);
            add(xRe[tile], re, sumRe[tile]);
            add(xIm[tile], im, sumIm[tile]);
            System.arraycopy(xRe[tile], 0, re, 0, re.length);
            System.arraycopy(xIm[tile], 0, im, 0, im.length);
            target.project(tile, re, im);
            undershoot(xRe[tile], re);
            undershoot(xIm[tile], im);
        }

        /** From P_C(f_A(x)) to the next x. */
        void consistencySide(int tile, float[] re, float[] im) {
            subtract(sumRe[tile], re, xRe[tile]);
            subtract(sumIm[tile], im, xIm[tile]);
        }

        void deliver(int tile, float[] re, float[] im) {
            System.arraycopy(xRe[tile], 0, re, 0, re.length);
            System.arraycopy(xIm[tile], 0, im, 0, im.length);
            target.project(tile, re, im);
        }

        private static void overshoot(float[] x, float[] c) {
            for (int i = 0; i < x.length; i++) {
                c[i] += (c[i] - x[i]) / B;
            }
        }

        private static void undershoot(float[] x, float[] p) {
            for (int i = 0; i < x.length; i++) {
                p[i] -= (p[i] - x[i]) / B;
            }
        }

        private static void add(float[] x, float[] p, float[] sum) {
            for (int i = 0; i < x.length; i++) {
                sum[i] = x[i] + B * p[i];
            }
        }

        /** x = sum - b c; c becomes x too. */
        private static void subtract(float[] sum, float[] c, float[] x) {
            for (int i = 0; i < x.length; i++) {
                x[i] = sum[i] - B * c[i];
                c[i] = x[i];
            }
        }
    }
}
