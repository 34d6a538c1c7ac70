package dev.phasor.reconstruction;

import dev.phasor.signal.Ranges;

/**
 * The Griffin-Lim algorithm (Griffin, Lim 1984) and its acceleration (Perraudin, Balazs, Sondergaard 2013, algorithm
 * 2):
 *
 * <pre>
 * t = P_C(P_A(c)),   c = t + a (t - t_old)
 * </pre>
 *
 * P_A sets the magnitudes. P_C makes a spectrogram consistent: the transform of the inverse. a = 0 is the original
 * algorithm, whose error never rises. t and c are transforms of signals, and the transform is linear. Therefore the
 * second formula is computed on the signals, and only the magnitudes are held per bin.
 *
 * @param momentum a; the iteration diverges from about 1.25 on
 */
record GriffinLim(double momentum) implements Refinement {

    private static final String STAGE = "griffinlim";

    @Override
    public float[] run(Session session) {
        float[] c = session.newSignal();
        float[] old = session.newSignal();
        if (!session.resume(STAGE, c, old)) {
            session.start(c);
            System.arraycopy(c, 0, old, 0, c.length);
        }
        float[] t = session.newSignal();
        float a = (float) momentum;
        while (session.goesOn(session.limit())) {
            session.iterate(c, session.target()::project, t);
            accelerate(t, old, a, c);
            float[] free = old;
            old = t;
            t = free;
            session.keep(STAGE, c, old);
        }
        return old;
    }

    private static void accelerate(float[] t, float[] old, float a, float[] c) {
        Ranges.forEach(t.length, t.length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                c[i] = t[i] + a * (t[i] - old[i]);
            }
        });
    }
}
