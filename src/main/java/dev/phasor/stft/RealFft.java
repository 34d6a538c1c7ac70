package dev.phasor.stft;

/**
 * The discrete Fourier transform of frames of N real samples to bins 0..N/2 and back; the kernel is e^(-2 pi i k n / N)
 * forward, and neither direction normalises. Instances are immutable and used by many threads at once.
 *
 * <p>Frames are doubles, [frame][sample]; spectra are float planes, [frame][bin], from an offset on.
 */
interface RealFft {

    /**
     * Factors on the bins: {@code edge} on bin 0 and, if N is even, on bin N/2, which stand for themselves; {@code inner}
     * on the others, which stand for their mirror image too.
     */
    record Scale(double edge, double inner) {
        static final Scale ONE = new Scale(1, 1);
    }

    /** N. */
    int size();

    /** How many frames a call best works on; callers pass 1 to so many. */
    int batch();

    /**
     * Z[k] = scale[k] sum_n x[n] e^(-2 pi i k n / N).
     *
     * @param x Modified.
     * @param re Modified, from {@code offset} to {@code offset + frames * bins - 1}, as is {@code im}
     */
    void forward(double[] x, int frames, Scale scale, float[] re, float[] im, int offset);

    /**
     * x[n] = Re sum_k c[k] scale[k] Z[k] e^(2 pi i k n / N), c = 1 at the edges and 2 inside: the imaginary parts of bin 0
     * and, if N is even, of bin N/2 have no effect.
     *
     * @param x Modified.
     */
    void inverse(float[] re, float[] im, int offset, int frames, Scale scale, double[] x);
}
