package dev.phasor.reconstruction;

import dev.phasor.stft.FrameLoop.Step;

/** An iterative algorithm. */
@FunctionalInterface
interface Refinement {

    /**
     * @param start writes the spectrogram to start from: the magnitudes with a first phase
     * @return the samples
     */
    float[] run(Session session, Step start);
}
