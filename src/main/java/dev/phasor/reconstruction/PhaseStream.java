package dev.phasor.reconstruction;

import dev.phasor.signal.Cancellation;

/** Finds the phases of frames while their magnitudes arrive. Not thread-safe. */
interface PhaseStream {

    /** Receives the phases of the next frame, in radians relative to the frame's start. The array is reused. */
    @FunctionalInterface
    interface Sink {
        void phases(float[] phases);
    }

    /** How many later frames a frame's phases wait for. */
    int lookahead();

    /** @param magnitude of the next frame. Not modified, and not kept. */
    void push(float[] magnitude, Sink sink);

    /** No frame follows: hands out the phases of the frames that wait. */
    void end(Sink sink);

    /** The phases [frame][bin] of a whole spectrogram. */
    static float[] whole(PhaseStream stream, Problem problem) {
        int bins = problem.bins();
        float[] phase = new float[problem.magnitude().length];
        int[] at = new int[1];
        Sink sink = phases -> {
            System.arraycopy(phases, 0, phase, at[0], bins);
            at[0] += bins;
        };
        float[] row = new float[bins];
        for (int frame = 0; frame < problem.frames(); frame++) {
            Cancellation.current().check();
            System.arraycopy(problem.magnitude(), frame * bins, row, 0, bins);
            stream.push(row, sink);
        }
        stream.end(sink);
        return phase;
    }
}
