package dev.phasor.stft;

/**
 * The discrete Fourier transform of windowed frames of N real samples to bins 0..N/2 and back. The forward kernel is
 * e^(-2 pi i k n / N), and neither direction normalizes. Instances are immutable and thread-safe; a {@link Worker}
 * belongs to one thread. A frame's result does not depend on the other frames of its batch.
 */
interface RealFft {

    /**
     * Factors on the bins. {@code edge} applies to bin 0 and, if N is even, to bin N/2, which have no mirror image;
     * {@code inner} applies to the other bins, which stand for their mirror image too.
     */
    record Scale(double edge, double inner) {
        static final Scale ONE = new Scale(1, 1);
    }

    /** The memory order of spectra. */
    enum Order {
        /** [frame][bin]. */
        FRAMES,
        /**
         * [bin][frame] of a batch, with room for {@link #batch()} frames even if there are fewer. Vector kernels need
         * no transposition in this order.
         */
        BINS;

        /** The index of bin k of a batch's i-th frame. */
        int index(int i, int k, int bins, int batch) {
            return this == FRAMES ? i * bins + k : k * batch + i;
        }
    }

    /**
     * sum_k |Z[k]|^2 over the bins 0..N/2 of N samples, by Parseval's theorem.
     *
     * @param squares the sum of the samples' squares
     * @param even the sum of the samples 0, 2, ...; {@code odd} of the others
     */
    static double energy(int size, double squares, double even, double odd) {
        double first = even + odd;
        double middle = size % 2 == 0 ? even - odd : 0;
        return (size * squares + first * first + middle * middle) / 2;
    }

    /** N, the samples of a frame. */
    int size();

    /** The most frames that a call takes; full batches are the fastest. */
    int batch();

    /** A worker with a window w of N values and the buffers of a batch. */
    Worker worker(double[] window, Order order);

    /** A worker whose spectra are in the order {@link Order#FRAMES}. */
    default Worker worker(double[] window) {
        return worker(window, Order.FRAMES);
    }

    /** A transform with its buffers. Not thread-safe. */
    interface Worker {

        /**
         * Z[k, i] = scale[k] sum_n w[n] x[at + i stride + n] e^(-2 pi i k n / N).
         *
         * @param x Not modified.
         * @param re Modified, in the worker's order from {@code offset} on, as is {@code im}
         */
        void forward(float[] x, int at, int stride, int frames, Scale scale, float[] re, float[] im, int offset);

        /**
         * sum_k |Z[k] - Y[k]|^2 with Z as in {@link #forward} of the frame that begins at x[at], without a scale, and Y
         * the transform of the N samples from y[from] on, without a window. It takes no transform.
         *
         * @param x Not modified, nor is {@code y}.
         */
        double squaredDistance(float[] x, int at, float[] y, int from);

        /**
         * y[n] = w[n] Re sum_k c[k] scale[k] Z[k] e^(2 pi i k n / N), c = 1 at the edges and 2 inside. The imaginary
         * parts of bin 0 and, if N is even, of bin N/2 have no effect.
         *
         * @param y Modified, [frame][sample], from 0 to {@code frames * N - 1}
         */
        void inverse(float[] re, float[] im, int offset, int frames, Scale scale, float[] y);

        /**
         * sum[at + i stride + n] += y[i][n], with y as in {@link #inverse}, in a fixed order.
         *
         * @param sum Modified if the answer is true.
         * @return false if the worker cannot add, or not these frames
         */
        default boolean inverseAdd(
                float[] re, float[] im, int offset, int frames, Scale scale, float[] sum, int at, int stride) {
            return false;
        }

        /**
         * {@link #inverse} without the window.
         *
         * @return false if the worker cannot, or not these frames
         */
        default boolean inverseUnwindowed(float[] re, float[] im, int offset, int frames, Scale scale, float[] y) {
            return false;
        }

        /**
         * sum[at + n] += w[first + n] values[from + n], n = 0..count - 1, each product rounded to a float. Of workers
         * that have an {@link #inverseUnwindowed}.
         */
        default void addWindowed(float[] values, int from, int first, int count, double[] sum, int at) {
            throw new UnsupportedOperationException();
        }

        /** sum[at + n] += values[from + n], n = 0..count - 1. */
        default void add(float[] values, int from, int count, double[] sum, int at) {
            for (int n = 0; n < count; n++) {
                sum[at + n] += values[from + n];
            }
        }

        /**
         * Copies values of frames into a batch of this worker's order: bin k of frame i from {@code values[at + k
         * binStep + i frameStep]}. One of the steps is 1.
         *
         * @param batch Modified, from 0 on, if the answer is true.
         * @return false if the worker cannot copy so many frames, or not in its order
         */
        default boolean cut(float[] values, int at, int binStep, int frameStep, int frames, float[] batch) {
            return false;
        }

        /**
         * Copies whole batches of this worker's order to rows: bin k of frame i to {@code rows[at + k binStep + i]}.
         *
         * @param frames a multiple of {@link #batch()}
         * @param rows Modified if the answer is true.
         * @return false if the worker cannot copy in its order
         */
        default boolean put(float[] batches, int frames, float[] rows, int at, int binStep) {
            return false;
        }
    }
}
