package dev.phasor.mel;

/** The height of a filter. */
public enum MelNorm {
    /** 1 at its middle: torchaudio's default. */
    NONE,
    /** 2/(width in Hz), so that all filters have the same area: librosa's default. */
    SLANEY;

    double height(double widthHertz) {
        return this == NONE ? 1 : 2 / widthHertz;
    }
}
