package dev.phasor.reconstruction;

/** From the first phase of stretched magnitudes to sound. */
public enum StretchAlgorithm {
    /** {@link QuasiNewton} over the whole. */
    DESCENT,
    /** Frame by frame, as {@link LiveStretcher} while the samples come. */
    LIVE;

    Algorithm algorithm() {
        return this == LIVE ? Algorithm.LIVE : Algorithm.HYBRID;
    }
}
