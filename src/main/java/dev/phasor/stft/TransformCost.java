package dev.phasor.stft;

/**
 * What transforms take, told before anything is computed: bytes that are held at once, as an upper bound, and work, in
 * values that are passed over, some 10 ns each.
 *
 * @param parameters of the transforms
 * @param kernel that computes them
 * @param threads that may work at once
 */
public record TransformCost(StftParameters parameters, FftKernel kernel, int threads) {

    /** A window's value, by its cosines or its power series, in values. */
    private static final long WINDOW_WORK = 4;

    private static final long KAISER_WORK = 200;

    /** Bytes of one {@link Stft}: its window, and the tables of its transform and of the one for single frames. */
    public long tables() {
        return Double.BYTES * size() + fft().tables();
    }

    /**
     * Bytes that the threads work with while they transform frames, in an {@link Stft} or in its {@link FrameLoop}s.
     */
    public long workers() {
        return threads * fft().worker();
    }

    /** Bytes of a {@link FrameLoop} beside those: where values stand, and two tiles a thread. */
    public long loop() {
        long tile = FrameLoop.TILE_FRAMES * (long) parameters.bins();
        return Integer.BYTES * tile + threads * 4L * Float.BYTES * tile;
    }

    /** Bytes of an overlap: the squared window, head, tail and period. */
    public long overlap() {
        long period = Math.min(parameters.hopLength(), parameters.fftSize());
        return 3L * Double.BYTES * size() + (2L * Double.BYTES + Float.BYTES) * period;
    }

    /** Bytes of the sums of the inverse transforms of so many items, of so many samples each. */
    public long sums(long items, long samples) {
        return Double.BYTES * Math.min(items * samples, threads * Math.min(samples, Stft.block(parameters)));
    }

    /** Bytes of a float plane of so many frames. */
    public long plane(long frames) {
        return Float.BYTES * frames * parameters.bins();
    }

    /** Bytes of a float plane of so many frames, held by tiles. */
    public long tiles(long frames) {
        return plane((frames + FrameLoop.TILE_FRAMES - 1) / FrameLoop.TILE_FRAMES * FrameLoop.TILE_FRAMES);
    }

    /** Bytes of what goes from one frame to the next: {@link FrameTransform}. */
    public long frameTransform() {
        return Double.BYTES * size() + fft().call();
    }

    /** The work to make an {@link Stft}. */
    public double making() {
        boolean kaiser = parameters.window().kind() == Window.Kind.KAISER;
        double window = (double) parameters.windowLength() * (kaiser ? KAISER_WORK : WINDOW_WORK);
        return window + size() + fft().making();
    }

    /** The work of the transforms of so many frames, one way. */
    public double frames(double frames) {
        return frames * fft().frame();
    }

    /** {@link #frames} one after the other, by a {@link FrameTransform}. */
    public double singleFrames(double frames) {
        return frames * FftCost.wide(parameters.fftSize()).frame();
    }

    /** The cost of others beside these. */
    public TransformCost with(StftParameters others) {
        return new TransformCost(others, kernel, threads);
    }

    private FftCost fft() {
        return FftCost.of(kernel, parameters.fftSize());
    }

    private long size() {
        return parameters.fftSize();
    }
}
