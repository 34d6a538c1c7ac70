package dev.phasor.reconstruction;

import dev.phasor.signal.Cancellation;
import dev.phasor.signal.Ranges;

/**
 * The adjoint of a fixed point y = T(y, M): dM = (dT/dM)' w with (I - J') w = g, where J = dT/dy. With N the overlapped
 * squared windows, J' is self-adjoint in the inner product sum a b / N, since T is the least-squares inverse of a map
 * of bins that is its own adjoint. w is found by conjugate gradients (Hestenes, Stiefel 1952) on (1 + d) I - J'. The
 * damping d keeps the directions bounded that no magnitude determines.
 */
final class FixedPoint {

    /** Of the identity. It costs a relative error of some 1e-6 where the magnitudes determine the signal. */
    private static final double DAMPING = 1e-6;

    /** Relative to g, where float32 ends. */
    private static final double TOLERANCE = 1e-6;

    /** Steps that are taken at most: each is a transform and an inverse, as an iteration is. */
    static final int STEPS = 200;

    /** Of a step, as a part of what is left: beyond it the fixed point is none. */
    private static final double LONGEST = 1e12;

    /** Signals of a source that are held at once. */
    static final int SIGNALS = 8;

    /** J' of a signal. */
    interface Adjoint {
        float[] apply(float[] cotangent);
    }

    private final float[] weight;
    private final Adjoint adjoint;
    private double residual = 1;

    /** @param weight 1 / N of each sample */
    FixedPoint(float[] weight, Adjoint adjoint) {
        this.weight = weight;
        this.adjoint = adjoint;
    }

    /** How far (I - J') w is from g in the last step, as a part of g. */
    double residual() {
        return residual;
    }

    /** w. It ends early where a direction has no positive curvature: away from a fixed point. */
    float[] solve(float[] g) {
        float[] w = new float[g.length];
        float[] r = g.clone();
        float[] p = g.clone();
        double first = dot(r, r);
        double now = first;
        residual = first == 0 ? 0 : 1;
        for (int step = 0; step < STEPS && residual > TOLERANCE; step++) {
            Cancellation.current().check();
            float[] q = adjoint.apply(p);
            combine(q, -1, p, 1 + DAMPING);
            double curvature = dot(p, q);
            if (!(curvature > 0)) {
                return w;
            }
            double length = now / curvature;
            if (length > LONGEST) {
                return w;
            }
            combine(w, 1, p, length);
            combine(r, 1, q, -length);
            double next = dot(r, r);
            combine(p, next / now, r, 1);
            now = next;
            residual = Math.sqrt(now / first);
        }
        return w;
    }

    /** to = a to + b from. */
    private static void combine(float[] to, double a, float[] from, double b) {
        Ranges.forEach(to.length, to.length, 1, (first, end) -> {
            for (int i = first; i < end; i++) {
                to[i] = (float) (a * to[i] + b * from[i]);
            }
        });
    }

    private double dot(float[] a, float[] b) {
        double[] sum = new double[1];
        Ranges.inOrder(a.length, (from, to) -> {
            double part = 0;
            for (int i = from; i < to; i++) {
                part += (double) a[i] * b[i] * weight[i];
            }
            sum[0] += part;
        });
        return sum[0];
    }
}
