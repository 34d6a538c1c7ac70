package dev.phasor.reconstruction;

/** An iterative algorithm. */
@FunctionalInterface
interface Refinement {

    /** Iterates from the session's {@link Session#start}, and returns the samples. */
    float[] run(Session session);
}
