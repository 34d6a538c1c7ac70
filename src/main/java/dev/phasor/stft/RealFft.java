package dev.phasor.stft;

/**
 * The discrete Fourier transform of windowed frames of N real samples to bins 0..N/2 and back; the kernel is e^(-2 pi i k n / N)
 * forward, and neither direction normalises. Instances are immutable and used by many threads at once; a {@link Worker} by one.
 * A frame's result does not depend on those it is transformed with.
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

    /** The transform with a window w of N values, and the memory that a batch needs. */
    Worker worker(double[] window);

    /** Not thread-safe. */
    interface Worker {

        /**
         * Z[k, i] = scale[k] sum_n w[n] x[at + i stride + n] e^(-2 pi i k n / N).
         *
         * @param x Not modified.
         * @param re Modified, [frame][bin], from {@code offset} to {@code offset + frames * bins - 1}, as is {@code im}
         */
        void forward(float[] x, int at, int stride, int frames, Scale scale, float[] re, float[] im, int offset);

        /**
         * y[n] = w[n] Re sum_k c[k] scale[k] Z[k] e^(2 pi i k n / N), c = 1 at the edges and 2 inside: the imaginary parts
         * of bin 0 and, if N is even, of bin N/2 have no effect.
         *
         * @param y Modified, [frame][sample], from 0 to {@code frames * N - 1}
         */
        void inverse(float[] re, float[] im, int offset, int frames, Scale scale, float[] y);
    }
}
