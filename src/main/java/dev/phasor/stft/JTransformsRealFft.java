package dev.phasor.stft;

import org.jtransforms.fft.DoubleFFT_1D;
import org.visnow.jlargearrays.ConcurrencyUtils;

/**
 * {@link RealFft} by JTransforms in double precision, any N >= 2. JTransforms packs a spectrum into N doubles: Re[0],
 * then Re[N/2] (N even) or Im[(N - 1)/2] (N odd), then Re and Im of bins 1, 2, ...
 */
final class JTransformsRealFft implements RealFft {

    static {
        // Frames run in parallel here: more threads inside a transform would slow them down.
        ConcurrencyUtils.setNumberOfThreads(1);
    }

    private final int size;
    private final DoubleFFT_1D fft;

    JTransformsRealFft(int size) {
        this.size = size;
        this.fft = new DoubleFFT_1D(size);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int batch() {
        return 1;
    }

    @Override
    public Worker worker(double[] window, Order order) {
        // A batch is one frame: both orders are the same.
        double[] frame = new double[size];
        return new Worker() {
            @Override
            public void forward(
                    float[] x, int at, int stride, int frames, Scale scale, float[] re, float[] im, int offset) {
                for (int i = 0; i < frames; i++) {
                    int from = at + i * stride;
                    for (int n = 0; n < size; n++) {
                        frame[n] = window[n] * x[from + n];
                    }
                    JTransformsRealFft.this.forward(frame, 1, scale, re, im, offset + i * (size / 2 + 1));
                }
            }

            @Override
            public double squaredDistance(float[] x, int at, float[] y, int from) {
                double squares = 0;
                double even = 0;
                double odd = 0;
                for (int n = 0; n < size; n++) {
                    double value = window[n] * x[at + n] - y[from + n];
                    squares += value * value;
                    even += n % 2 == 0 ? value : 0;
                    odd += n % 2 == 0 ? 0 : value;
                }
                return RealFft.energy(size, squares, even, odd);
            }

            @Override
            public void inverse(float[] re, float[] im, int offset, int frames, Scale scale, float[] y) {
                for (int i = 0; i < frames; i++) {
                    JTransformsRealFft.this.inverse(re, im, offset + i * (size / 2 + 1), 1, scale, frame);
                    for (int n = 0; n < size; n++) {
                        y[i * size + n] = saturated(window[n] * frame[n]);
                    }
                }
            }
        };
    }

    /** Clips to the range of float: overlapping frames may cancel each other, but infinities would give NaN. */
    private static float saturated(double value) {
        return (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, value));
    }

    /**
     * The transform of frames in double precision.
     *
     * @param x Modified, [frame][sample].
     */
    void forward(double[] x, int frames, Scale scale, float[] re, float[] im, int offset) {
        int half = size / 2;
        for (int frame = 0; frame < frames; frame++) {
            int in = frame * size;
            int out = offset + frame * (half + 1);
            fft.realForward(x, in);
            re[out] = (float) (scale.edge() * x[in]);
            im[out] = 0;
            for (int k = 1; k < half; k++) {
                re[out + k] = (float) (scale.inner() * x[in + 2 * k]);
                im[out + k] = (float) (scale.inner() * x[in + 2 * k + 1]);
            }
            if (size % 2 == 0) {
                re[out + half] = (float) (scale.edge() * x[in + 1]);
                im[out + half] = 0;
            } else {
                re[out + half] = (float) (scale.inner() * x[in + size - 1]);
                im[out + half] = (float) (scale.inner() * x[in + 1]);
            }
        }
    }

    /** @param x Modified, [frame][sample] */
    void inverse(float[] re, float[] im, int offset, int frames, Scale scale, double[] x) {
        int half = size / 2;
        // JTransforms' inverse divides by N/2 or by nothing, depending on size and kind: undo its normalized variant.
        double edge = scale.edge() * size;
        double inner = scale.inner() * size;
        for (int frame = 0; frame < frames; frame++) {
            int in = offset + frame * (half + 1);
            int out = frame * size;
            x[out] = edge * re[in];
            for (int k = 1; k < half; k++) {
                x[out + 2 * k] = inner * re[in + k];
                x[out + 2 * k + 1] = inner * im[in + k];
            }
            if (size % 2 == 0) {
                x[out + 1] = edge * re[in + half];
            } else {
                x[out + size - 1] = inner * re[in + half];
                x[out + 1] = inner * im[in + half];
            }
            fft.realInverse(x, out, true);
        }
    }
}
