package dev.phasor.reconstruction;

/** An iterative algorithm. */
@FunctionalInterface
interface Refinement {

    /** From the session's {@link Session#start} to the samples. */
    float[] run(Session session);
}
