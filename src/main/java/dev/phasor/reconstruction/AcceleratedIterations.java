package dev.phasor.reconstruction;

import dev.phasor.signal.Ranges;

/**
 * The recurrence of Griffin-Lim, its accelerations and MISI on signals, and its adjoint: with T of {@link Projection},
 *
 * <pre>
 * y = T(u),   t = (1 - g) u + g y,   u' = t + a (t - t_old)
 * </pre>
 *
 * from u = t_old; the last y is the result. Everything but T is linear on signals, so that a state is two signals a
 * source, and no spectrogram of a step is kept.
 *
 * @param momentum a
 * @param relaxation g
 * @param steps of T
 */
record AcceleratedIterations(Projection map, double momentum, double relaxation, int steps) {

    /** Hears of each step before it. */
    interface Observer {
        /** @return false to end the iterations with what there is */
        boolean goesOn(int step, float[][] signals);
    }

    /**
     * @param start not modified
     * @return y of the last step; {@code start} where there is none
     */
    float[][] run(float[][] start, Observer observer) {
        float[][] state = state(start);
        float[][] y = start;
        float[][] u = half(state, 0);
        for (int step = 0; step < steps; step++) {
            if (!observer.goesOn(step, u)) {
                return y;
            }
            y = y == start ? map.newSignals() : y;
            map.apply(u, y);
            move(state, y);
        }
        return y;
    }

    /**
     * The gradient with respect to the start, for that with respect to the result.
     *
     * @param gradient Modified: the gradient with respect to the magnitudes is added, as are {@code counts}
     */
    Cotangents pullBack(float[][] start, Cotangents result, float[][] gradient, BoundedGradient rule, long[] counts) {
        if (steps == 0) {
            return result;
        }
        Walk walk = new Walk(result, gradient, rule, counts);
        new Checkpoints(this::advance, walk).backwards(steps, state(start));
        return walk.atStart();
    }

    /** u, then t_old. */
    private static float[][] state(float[][] start) {
        float[][] state = new float[2 * start.length][];
        for (int j = 0; j < state.length; j++) {
            state[j] = start[j % start.length].clone();
        }
        return state;
    }

    private static float[][] half(float[][] state, int which) {
        float[][] half = new float[state.length / 2][];
        System.arraycopy(state, which * half.length, half, 0, half.length);
        return half;
    }

    private void advance(float[][] state) {
        float[][] y = map.newSignals();
        map.apply(half(state, 0), y);
        move(state, y);
    }

    private void move(float[][] state, float[][] y) {
        float a = (float) momentum;
        float g = (float) relaxation;
        for (int j = 0; j < y.length; j++) {
            float[] u = state[j];
            float[] old = state[y.length + j];
            float[] of = y[j];
            Ranges.forEach(u.length, u.length, 1, (from, to) -> {
                for (int i = from; i < to; i++) {
                    float t = (1 - g) * u[i] + g * of[i];
                    u[i] = t + a * (t - old[i]);
                    old[i] = t;
                }
            });
        }
    }

    /**
     * The adjoint, from the last step to the first: with du of u after a step, dt = (1 + a) du - a du_after, and du
     * before it is (1 - g) dt + T' g dt.
     */
    private final class Walk implements Checkpoints.Visitor {

        private final float[][] gradient;
        private final BoundedGradient rule;
        private final long[] counts;
        private Cotangents du;
        private Cotangents after;

        Walk(Cotangents result, float[][] gradient, BoundedGradient rule, long[] counts) {
            this.gradient = gradient;
            this.rule = rule;
            this.counts = counts;
            du = result;
            after = Cotangents.zero(map.newSignals());
        }

        @Override
        public void visit(int step, float[][] state) {
            float[][] u = half(state, 0);
            if (step == steps - 1) {
                du = map.pullBack(u, du, gradient, rule, counts);
                return;
            }
            Cotangents dt = after.combine(-momentum, du, 1 + momentum);
            after = du;
            du = relaxation == 1
                    ? map.pullBack(u, dt, gradient, rule, counts)
                    : map.pullBack(u, relaxed(dt), gradient, rule, counts).combine(1, dt, 1 - relaxation);
        }

        private Cotangents relaxed(Cotangents dt) {
            return Cotangents.zero(map.newSignals()).combine(0, dt, relaxation);
        }

        /** u and t_old are both the start. */
        Cotangents atStart() {
            return after.combine(-momentum, du, 1);
        }
    }
}
