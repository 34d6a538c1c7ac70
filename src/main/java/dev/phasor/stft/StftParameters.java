package dev.phasor.stft;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;

/**
 * The geometry of a transform, with librosa's meanings.
 *
 * @param fftSize n_fft, samples per frame, 2..{@value #MAX_FFT_SIZE}, even or odd
 * @param hopLength samples from one frame to the next, at least 1; it need not divide anything
 * @param windowLength win_length, 1..fftSize; a shorter window is centered in its frame
 * @param framing where frame t lies
 * @param padMode the values of the padding; ignored where the framing has none
 */
public record StftParameters(
        int fftSize, int hopLength, int windowLength, Window window, Framing framing, PadMode padMode) {

    /** A single larger frame takes more than 100 MB of working memory. */
    public static final int MAX_FFT_SIZE = 1 << 22;

    /** @throws InvalidInputException {@code BAD_PARAMETER} naming the parameter, its range and the value */
    public StftParameters {
        check("n_fft", fftSize, 2, MAX_FFT_SIZE);
        check("hop_length", hopLength, 1, Integer.MAX_VALUE);
        check("win_length", windowLength, 1, fftSize);
        if (framing == Framing.SAME) {
            check("with framing=same hop_length", hopLength, 1, fftSize);
        }
    }

    /** @param centered see {@link Framing#centered} */
    public StftParameters(
            int fftSize, int hopLength, int windowLength, Window window, boolean centered, PadMode padMode) {
        this(fftSize, hopLength, windowLength, window, Framing.centered(centered), padMode);
    }

    private static void check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw InvalidInputException.badParameter(name, "in " + min + ".." + max, value);
        }
    }

    /** A centered Hann window as long as the frame, padded with zeros: librosa's defaults. */
    public static StftParameters hann(int fftSize, int hopLength) {
        return new StftParameters(fftSize, hopLength, fftSize, Window.HANN, Framing.CENTER, PadMode.CONSTANT);
    }

    /** Bins of the one-sided spectrum, fftSize/2 + 1. */
    public int bins() {
        return fftSize / 2 + 1;
    }

    /** Samples of padding at each end of the signal. */
    public int padding() {
        return pad();
    }

    public int pad() {
        return framing.pad(fftSize, hopLength);
    }

    /**
     * Frames of a signal, 1 + (samples + 2 pad - fftSize)/hopLength rounded down.
     *
     * @throws InvalidInputException {@code SHAPE_MISMATCH} if there is no sample, or less than one frame
     */
    public int frames(int samples) {
        return Math.toIntExact(Math.min(Integer.MAX_VALUE, framesOf(samples)));
    }

    /** {@link #frames} of a signal of any length. */
    long framesOf(long samples) {
        if (samples < 1) {
            throw new InvalidInputException(Code.SHAPE_MISMATCH, "audio must hold at least 1 sample, got " + samples);
        }
        if (samples + 2L * pad() + (framing == Framing.CENTER ? 1 : 0) < fftSize) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    framing == Framing.NONE
                            ? "with center=false, n_fft must be at most the number of samples, " + samples + ", got "
                                    + fftSize
                            : "with framing=same, audio must hold at least " + (fftSize - 2L * pad()) + " samples, got "
                                    + samples);
        }
        return 1 + (samples + 2L * pad() - fftSize) / hopLength;
    }

    /**
     * Samples of the shortest signal of {@code frames} frames: the default length of an inverse.
     *
     * @throws InvalidInputException {@code BAD_PARAMETER} if that is no sample (one centered frame, even fftSize),
     *     {@code TOO_LARGE} if it is more than 2147483647
     */
    public int defaultLength(int frames) {
        long length = (frames - 1L) * hopLength + fftSize - 2L * pad();
        if (length < 1) {
            throw new InvalidInputException(
                    Code.BAD_PARAMETER,
                    "length must be given: 1 frame with center=true and n_fft=" + fftSize + " stands for no whole hop");
        }
        if (length > Integer.MAX_VALUE) {
            throw new InvalidInputException(
                    Code.TOO_LARGE,
                    frames + " frames at hop_length=" + hopLength + " make " + length
                            + " samples, more than 2147483647");
        }
        return (int) length;
    }

    /** How many of {@code length} samples the frames determine; an inverse fills the rest with zeros. */
    public int determined(int frames, int length) {
        return (int) Math.min(length, determined((long) frames));
    }

    /** Samples that frames determine, one at least: where they are not centered, none behind the last one's end. */
    long determined(long frames) {
        return framing == Framing.NONE ? (frames - 1) * hopLength + fftSize : Math.max(1, longestLength(frames));
    }

    /** Samples of the longest signal of {@code frames} frames. */
    public long longestLength(long frames) {
        return frames * hopLength + fftSize - 2L * pad() - 1;
    }
}
