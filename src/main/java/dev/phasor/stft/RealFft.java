package dev.phasor.stft;

/**
 * The discrete Fourier transform of windowed frames of N real samples to bins 0..N/2 and back; the kernel is e^(-2 pi i
 * k n / N) forward, and neither direction normalises. Instances are immutable and used by many threads at once; a
 * {@link Worker} by one. A frame's result does not depend on those it is transformed with.
 */
interface RealFft {

    /**
     * Factors on the bins: {@code edge} on bin 0 and, if N is even, on bin N/2, which stand for themselves;
     * {@code inner} on the others, which stand for their mirror image too.
     */
    record Scale(double edge, double inner) {
        static final Scale ONE = new Scale(1, 1);
    }

    /** Where a spectrum's values stand. */
    enum Order {
        /** [frame][bin]. */
        FRAMES,
        /**
         * [bin][frame] of a batch, which has room for {@link #batch()} frames however many there are: no value need
         * change its place.
         */
        BINS;

        /** Where bin k of a batch's i-th frame stands. */
        int index(int i, int k, int bins, int batch) {
            return this == FRAMES ? i * bins + k : k * batch + i;
        }
    }

    /** N. */
    int size();

    /** How many frames a call best works on; callers pass 1 to so many. */
    int batch();

    /** The transform with a window w of N values, and the memory that a batch needs. */
    Worker worker(double[] window, Order order);

    /** {@link #worker(double[], Order)}, frame by frame. */
    default Worker worker(double[] window) {
        return worker(window, Order.FRAMES);
    }

    /** Not thread-safe. */
    interface Worker {

        /**
         * Z[k, i] = scale[k] sum_n w[n] x[at + i stride + n] e^(-2 pi i k n / N).
         *
         * @param x Not modified.
         * @param re Modified, in the worker's order from {@code offset} on, as is {@code im}
         */
        void forward(float[] x, int at, int stride, int frames, Scale scale, float[] re, float[] im, int offset);

        /**
         * y[n] = w[n] Re sum_k c[k] scale[k] Z[k] e^(2 pi i k n / N), c = 1 at the edges and 2 inside: the imaginary
         * parts of bin 0 and, if N is even, of bin N/2 have no effect.
         *
         * @param y Modified, [frame][sample], from 0 to {@code frames * N - 1}
         */
        void inverse(float[] re, float[] im, int offset, int frames, Scale scale, float[] y);

        /**
         * sum[at + i stride + n] += y[i][n] with the y of {@link #inverse}, in an order that is always the same.
         *
         * @param sum Modified, unless the answer is false.
         * @return false from a worker that cannot, or cannot with these frames
         */
        default boolean inverseAdd(
                float[] re, float[] im, int offset, int frames, Scale scale, float[] sum, int at, int stride) {
            return false;
        }
    }
}
