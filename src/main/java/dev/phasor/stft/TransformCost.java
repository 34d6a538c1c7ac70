package dev.phasor.stft;

/**
 * An estimate of what transforms cost, before anything is computed: an upper bound of the bytes held at once, and work
 * in passes over a value, about 10 ns each.
 *
 * @param parameters of the transforms
 * @param kernel that computes the transforms
 * @param threads that may compute at once
 */
public record TransformCost(StftParameters parameters, FftKernel kernel, int threads) {

    /** The work of a window's value: as a sum of cosines, and below by Kaiser's power series. */
    private static final long WINDOW_WORK = 4;

    private static final long KAISER_WORK = 200;

    /** Bytes of one {@link Stft}: its window, the tables of its transform, and the tables of {@link FrameTransform}. */
    public long tables() {
        return Double.BYTES * size() + fft().tables();
    }

    /** Bytes of all threads' buffers during the transforms of an {@link Stft} or of its {@link FrameLoop}s. */
    public long workers() {
        return threads * fft().worker();
    }

    /** Bytes of a {@link FrameLoop} without {@link #workers}: the table of places, and two tiles per thread. */
    public long loop() {
        long tile = FrameLoop.TILE_FRAMES * (long) parameters.bins();
        return Integer.BYTES * tile + threads * 4L * Float.BYTES * tile;
    }

    /** Bytes of an overlap: the squared window, head, tail and period. */
    public long overlap() {
        long period = Math.min(parameters.hopLength(), parameters.fftSize());
        return 3L * Double.BYTES * size() + (2L * Double.BYTES + Float.BYTES) * period;
    }

    /** Bytes of the sums during the inverse transforms of {@code items} items of {@code samples} samples. */
    public long sums(long items, long samples) {
        return Double.BYTES * Math.min(items * samples, threads * Math.min(samples, Stft.block(parameters)));
    }

    /** Bytes that the threads work with beside those while they put frames in rows. */
    public long rows() {
        return threads * 2L * Float.BYTES * Stft.ROW_FRAMES * parameters.bins();
    }

    /** Bytes of a float plane of {@code frames} frames. */
    public long plane(long frames) {
        return Float.BYTES * frames * parameters.bins();
    }

    /** Bytes of a float plane of {@code frames} frames, rounded up to whole tiles. */
    public long tiles(long frames) {
        return plane((frames + FrameLoop.TILE_FRAMES - 1) / FrameLoop.TILE_FRAMES * FrameLoop.TILE_FRAMES);
    }

    /** Bytes of a {@link FrameTransform}. */
    public long frameTransform() {
        return Double.BYTES * size() + fft().call();
    }

    /** The work of making an {@link Stft}. */
    public double making() {
        boolean kaiser = parameters.window().kind() == Window.Kind.KAISER;
        double window = (double) parameters.windowLength() * (kaiser ? KAISER_WORK : WINDOW_WORK);
        return window + size() + fft().making();
    }

    /** The work of the transforms of {@code frames} frames in one direction. */
    public double frames(double frames) {
        return frames * fft().frame();
    }

    /** The work of the transforms of {@code frames} frames by a {@link FrameTransform}. */
    public double singleFrames(double frames) {
        return frames * FftCost.wide(parameters.fftSize()).frame();
    }

    /** The cost of transforms with other parameters. */
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
