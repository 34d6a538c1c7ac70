package dev.phasor.stft;

/**
 * What a transform of n samples takes, by the way that it is computed: JTransforms has one for powers of two, one for
 * products of small factors, and Bluestein's for the rest, which convolves with a power of two of at least 2 n - 1.
 *
 * @param tables bytes that are held for all threads
 * @param worker bytes that a thread holds for a batch of frames
 * @param call bytes that one frame takes on the way
 * @param making work to compute the tables, in values of some 10 ns
 * @param frame work of a frame, likewise
 */
record FftCost(long tables, long worker, long call, double making, double frame) {

    /** JTransforms goes over to Bluestein's algorithm where this much is left when 2, 3 and 5 are divided out. */
    private static final int LARGE_FACTOR = 211;

    /** What objects and the smallest tables take. */
    private static final long LEAST = 1 << 12;

    static FftCost of(FftKernel kernel, int size) {
        FftCost wide = wide(size);
        if (!kernel.isVectorized(size)) {
            return wide;
        }
        // Twiddles, half turns and places; 19.5 floats a sample in a worker, and rows of a batch.
        long lanes = Lanes.COUNT;
        long worker = (long) (Float.BYTES * (3.5 + 3 * lanes) * size) + wide.worker;
        return new FftCost(8L * size + 2 * wide.tables, worker, wide.call, 10.0 * size + wide.making, size / 2.0 + 1);
    }

    /** Of JTransforms in double precision. */
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
