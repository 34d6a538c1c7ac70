package dev.phasor.reconstruction;

/** {@link QuasiNewton} from the first phase on: the valley that the start lies in is kept. */
final class Descent implements Refinement {

    @Override
    public float[] run(Session session) {
        float[] samples = session.newSignal();
        if (!QuasiNewton.isKept(session)) {
            session.start(samples);
        }
        return new QuasiNewton(session).descend(samples);
    }
}
