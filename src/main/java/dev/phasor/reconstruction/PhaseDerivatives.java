package dev.phasor.reconstruction;

import dev.phasor.stft.StftParameters;

/**
 * The phase derivatives that the magnitudes of a transform with a Gaussian window imply (Prusa, Balazs, Sondergaard, "A
 * Noniterative Method for Reconstruction of Phase from STFT Magnitude", 2017, eq. 16-19). They are steps from one grid
 * point to the next: a hop in time, a bin in frequency. s is log M, a the hop, N the length of a frame, gamma the
 * window's time-frequency ratio:
 *
 * <pre>
 * time(m, n)      =  a N / gamma (s(m+1, n) - s(m-1, n)) / 2  +  2 pi a m / N
 * frequency(m, n) = -gamma / (a N) (s(m, n+1) - s(m, n-1)) / 2
 * </pre>
 *
 * Differences are one-sided at the first and last frame. They are 0 at the first and last bin, where a real signal's
 * magnitudes are symmetric. Phases are relative to the middle of the window.
 */
final class PhaseDerivatives {

    private final float[] log;
    private final int bins;
    private final int frames;
    private final double perBin;
    private final double perFrame;
    private final double advance;

    /**
     * @param log natural logarithms of the magnitudes, [frame][bin]. Not modified.
     * @param gamma the window's {@link WindowShape#gamma}
     */
    PhaseDerivatives(float[] log, StftParameters stft, double gamma) {
        this.log = log;
        bins = stft.bins();
        frames = log.length / bins;
        double grid = (double) stft.hopLength() * stft.fftSize();
        double ratio = grid / gamma;
        perBin = ratio / 2;
        perFrame = -1 / ratio;
        advance = 2 * Math.PI * stft.hopLength() / stft.fftSize();
    }

    /** The time derivative at a position [frame][bin], in radians per hop. */
    double time(int position, int bin) {
        double steady = advance * bin;
        return bin == 0 || bin == bins - 1 ? steady : steady + perBin * (log[position + 1] - log[position - 1]);
    }

    /** The frequency derivative at a position [frame][bin], in radians per bin. */
    double frequency(int position, int frame) {
        if (frames == 1) {
            return 0;
        }
        if (frame == 0) {
            return perFrame * (log[position + bins] - log[position]);
        }
        if (frame == frames - 1) {
            return perFrame * (log[position] - log[position - bins]);
        }
        return perFrame / 2 * (log[position + bins] - log[position - bins]);
    }
}
