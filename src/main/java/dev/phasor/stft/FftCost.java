package dev.phasor.stft;

/**
 * Memory and work of a transform of n samples. JTransforms has three algorithms: one for powers of two, one for
 * products of small factors, and Bluestein's for other sizes, a convolution of a power of two of at least 2 n - 1
 * points.
 *
 * @param tables bytes that all threads share
 * @param worker bytes that a thread holds for a batch of frames
 * @param call temporary bytes of one frame's transform
 * @param making work to compute the tables, in units of about 10 ns
 * @param frame work of one frame, in the same unit
 */
record FftCost(long tables, long worker, long call, double making, double frame) {

    /** JTransforms uses Bluestein's algorithm if n without its factors 2, 3 and 5 is at least this. */
    private static final int LARGE_FACTOR = 211;

    /** Bytes of the objects and of the smallest tables. */
    private static final long LEAST = 1 << 12;

    static FftCost of(FftKernel kernel, int size) {
        FftCost wide = wide(size);
        if (!kernel.isVectorized(size)) {
            return wide;
        }
        // Tables: twiddles, half turns and places. Worker: 19.5 floats a sample with 8 lanes, and the rows of a batch.
        long lanes = Lanes.COUNT;
        long worker = (long) (Float.BYTES * (3.5 + 3 * lanes) * size) + wide.worker;
        return new FftCost(8L * size + 2 * wide.tables, worker, wide.call, 10.0 * size + wide.making, size / 2.0 + 1);
    }

    /** The cost of JTransforms in double precision. */
    static FftCost wide(int size) {
        if (Integer.bitCount(size) == 1) {
            return ofJTransforms(size, 8, 0, 1, 3);
        }
        if (rest(size) < LARGE_FACTOR) {
            return ofJTransforms(size, 50, 10, 20, 6);
        }
        long convolved = Long.highestOneBit(2L * size - 2) << 1;
        double ratio = (double) convolved / size;
        return ofJTransforms(
                size, (long) Math.ceil(40 * ratio) + 8, (long) Math.ceil(16 * ratio) + 3, 8 * ratio, 16 * ratio);
    }

    private static FftCost ofJTransforms(int size, long tables, long call, double making, double frame) {
        long rows = Double.BYTES + Float.BYTES;
        return new FftCost(
                tables * size + LEAST,
                (rows + call) * size + LEAST,
                call * size,
                making * size,
                frame * (size / 2.0 + 1));
    }

    private static int rest(int size) {
        int rest = size;
        for (int factor = 2; factor <= 5; factor++) {
            while (rest % factor == 0) {
                rest /= factor;
            }
        }
        return rest;
    }
}
