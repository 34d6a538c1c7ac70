package dev.phasor.stft;

/**
 * The transform of single frames in double precision, for algorithms that proceed frame by frame. Not thread-safe: it
 * holds the buffer of a frame.
 */
public final class FrameTransform {

    private final StftParameters parameters;
    private final JTransformsRealFft fft;
    private final double[] window;
    private final double[] frame;

    FrameTransform(StftParameters parameters, JTransformsRealFft fft, double[] window) {
        this.parameters = parameters;
        this.fft = fft;
        this.window = window;
        frame = new double[fft.size()];
    }

    /** The window's value w[n], n in 0..n_fft - 1. */
    public double window(int n) {
        return window[n];
    }

    /**
     * Z[k] = sum_n w[n] x[offset + n] e^(-2 pi i k n / N).
     *
     * @param re Modified, as is {@code im}
     */
    public void forward(double[] x, int offset, float[] re, float[] im) {
        for (int n = 0; n < fft.size(); n++) {
            frame[n] = window[n] * x[offset + n];
        }
        fft.forward(frame, 1, RealFft.Scale.ONE, re, im, 0);
    }

    /**
     * {@link #forward(double[], int, float[], float[])} of x[t] - p b[t].
     *
     * @param before b, the sample before each one of x
     * @param preemphasis p, 0 for none
     */
    void forward(float[] x, float[] before, double preemphasis, int offset, float[] re, float[] im) {
        for (int n = 0; n < fft.size(); n++) {
            frame[n] = window[n] * (x[offset + n] - preemphasis * before[offset + n]);
        }
        fft.forward(frame, 1, RealFft.Scale.ONE, re, im, 0);
    }

    /**
     * The m-th frame of a signal x[t] - p x[t-1], padded as {@link Stft#forward} does. Each bin keeps seven digits of
     * its own, however loud the others are.
     *
     * @param samples x
     * @param preemphasis p, 0 for none
     * @param re Modified, as is {@code im}
     */
    public void analyze(float[] samples, double preemphasis, int m, float[] re, float[] im) {
        long start = (long) m * parameters.hopLength() - parameters.pad();
        for (int n = 0; n < fft.size(); n++) {
            long t = start + n;
            int source = t >= 0 && t < samples.length
                    ? (int) t
                    : parameters.padMode().source(t, samples.length);
            double before = source <= 0 ? 0 : preemphasis * samples[source - 1];
            frame[n] = source == PadMode.NONE ? 0 : window[n] * (samples[source] - before);
        }
        fft.forward(frame, 1, RealFft.Scale.ONE, re, im, 0);
    }

    /**
     * The frame that starts at a sample, with zeros around the signal.
     *
     * @param end of the signal: samples behind it are not looked at
     * @param re Modified, as is {@code im}
     */
    public void analyze(float[] samples, int end, long start, float[] re, float[] im) {
        for (int n = 0; n < fft.size(); n++) {
            long t = start + n;
            frame[n] = t >= 0 && t < end ? window[n] * samples[(int) t] : 0;
        }
        fft.forward(frame, 1, RealFft.Scale.ONE, re, im, 0);
    }

    /**
     * x[n] = w[n] irfft(Z)[n], the frame's term in an overlap-add.
     *
     * @param x Modified.
     */
    public void inverse(float[] re, float[] im, double[] x) {
        double n = fft.size();
        fft.inverse(re, im, 0, 1, new RealFft.Scale(1 / n, 1 / n), frame);
        for (int i = 0; i < fft.size(); i++) {
            x[i] = window[i] * frame[i];
        }
    }
}
