package dev.phasor.device;

/**
 * How frames of n_fft samples are laid over work groups.
 *
 * @param fftSize n_fft
 * @param threads work items of a frame
 * @param group frames of a work group
 */
record FrameSize(int fftSize, int threads, int group) {

    static final int SMALLEST = 32;
    static final int LARGEST = 8192;

    /** The most work items of a frame. */
    static final int MOST_THREADS = 256;

    /** The least work items of a work group: two of NVIDIA's warps. */
    private static final int LEAST_THREADS = 64;

    /** Local memory of the largest frame: half as many complex floats, and the partial sums. */
    static final int LOCAL_BYTES = LARGEST / 2 * 8 + MOST_THREADS * 4;

    static boolean exists(int fftSize) {
        return Integer.bitCount(fftSize) == 1 && fftSize >= SMALLEST && fftSize <= LARGEST;
    }

    static FrameSize of(int fftSize) {
        int threads = Math.min(fftSize / 16, MOST_THREADS);
        return new FrameSize(fftSize, threads, Math.max(1, LEAST_THREADS / threads));
    }
}
