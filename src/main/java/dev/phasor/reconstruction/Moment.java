package dev.phasor.reconstruction;

import dev.phasor.signal.Cancellation;
import dev.phasor.stft.StftParameters;

/**
 * The moment at which a frame's energy lies, where it lies at one: of a click, or of the first samples of an onset. The
 * energy's first Fourier coefficient over the frame is the sum of z[k + 1] conj(z[k]), without a transform; its angle
 * is the moment, and its length over the energy says how much of it lies there (1 for an impulse, 2/3 for a steady
 * sound in a Hann window).
 */
final class Moment {

    /** The least length of that coefficient, over the energy. */
    private static final double CONCENTRATED = 0.95;

    /** The most that a magnitude is raised by: what is small here is noise, too. */
    private static final double MOST_GAIN = 4;

    private final double[] window;
    private double turn;

    Moment(StftParameters stft) {
        window = stft.window().coefficients(stft.windowLength(), stft.fftSize(), stft.hopLength());
    }

    /** Bytes of the window. */
    static long bytes(StftParameters stft) {
        return (long) Double.BYTES * stft.fftSize();
    }

    /**
     * Looks for a frame's moment.
     *
     * @param re a channel each, as is {@code im}
     * @return whether there is one
     */
    boolean find(float[][] re, float[][] im) {
        Cancellation wanted = Cancellation.current();
        double x = 0;
        double y = 0;
        double energy = 0;
        for (int channel = 0; channel < re.length; channel++) {
            wanted.check();
            float[] a = re[channel];
            float[] b = im[channel];
            for (int k = 0; k + 1 < a.length; k++) {
                x += (double) a[k + 1] * a[k] + (double) b[k + 1] * b[k];
                y += (double) b[k + 1] * a[k] - (double) a[k + 1] * b[k];
                energy += (square(a[k], b[k]) + square(a[k + 1], b[k + 1])) / 2;
            }
        }
        // A frame's phases are of its start: those of its middle turn by pi more from bin to bin.
        turn = StretchedSpectrogram.wrap(Math.atan2(y, x) + Math.PI);
        return Math.hypot(x, y) > CONCENTRATED * energy;
    }

    private static double square(double x, double y) {
        return x * x + y * y;
    }

    /** Samples from the middle of the frame to its moment. */
    double offset() {
        return -turn * window.length / (2 * Math.PI);
    }

    /**
     * The gain of an impulse's magnitudes that stands elsewhere in the window.
     *
     * @param offset from the middle of the frame, in samples
     */
    double gain(double offset) {
        double here = window(offset());
        return here > 0 ? Math.min(MOST_GAIN, window(offset) / here) : 1;
    }

    private double window(double offset) {
        double at = Math.rint(offset + window.length / 2.0);
        return at >= 0 && at < window.length ? window[(int) at] : 0;
    }
}
