package dev.phasor.stft;

import java.util.Locale;

/** Where frame t of a signal lies, and with it how many frames a signal has. */
public enum Framing {
    /** Centered on sample t hop_length: librosa's and torch's {@code center=True}. */
    CENTER {
        @Override
        int pad(int fftSize, int hopLength) {
            return fftSize / 2;
        }
    },
    /**
     * Centered on the middle of hop t, so that a signal has one frame for each whole hop: the framing of HiFi-GAN,
     * BigVGAN and Vocos ({@code padding="same"}).
     */
    SAME {
        @Override
        int pad(int fftSize, int hopLength) {
            return (fftSize - hopLength) / 2;
        }
    },
    /** Begins on sample t hop_length: {@code center=False}. Samples after the last full frame are dropped. */
    NONE {
        @Override
        int pad(int fftSize, int hopLength) {
            return 0;
        }
    };

    /** Samples of padding at each end of a signal. */
    abstract int pad(int fftSize, int hopLength);

    /** Whether frames of every {@code factor}-th sample begin on samples of the whole signal's frames. */
    public boolean isSharedBy(int fftSize, int hopLength, int factor) {
        return factor * pad(fftSize / factor, hopLength / factor) == pad(fftSize, hopLength);
    }

    /** The framing that {@code center} means. */
    public static Framing centered(boolean centered) {
        return centered ? CENTER : NONE;
    }

    /** The name in a request. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
