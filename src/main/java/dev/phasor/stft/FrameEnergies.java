package dev.phasor.stft;

/**
 * The energies of a signal's frames, without their transforms. The signal arrives in the pieces in which a
 * {@link SlidingFrames} takes another of the same length, each piece before the other's. Not thread-safe, but for
 * {@link #of}.
 */
public final class FrameEnergies {

    private final Stft stft;
    private final StftParameters parameters;
    private final HeldSamples held;

    public FrameEnergies(Stft stft) {
        this.stft = stft;
        parameters = stft.parameters();
        held = new HeldSamples(parameters);
    }

    /**
     * The most bytes that an instance holds, without its {@link Stft}.
     *
     * @param samples of the longest push
     */
    public static long bytes(TransformCost cost, int samples) {
        StftParameters stft = cost.parameters();
        long tile = (long) FrameLoop.TILE_FRAMES * Math.min(stft.hopLength(), stft.fftSize());
        return 3L * Float.BYTES * (samples + 3L * stft.fftSize() + tile);
    }

    /** @param samples Not modified. */
    public void push(float[] samples, int offset, int count) {
        long tiles = held.complete(0) / FrameLoop.TILE_FRAMES;
        held.forget(tiles * FrameLoop.TILE_FRAMES * parameters.hopLength());
        held.push(samples, offset, count);
    }

    /** Ends the signal, before the other ends. */
    public void end() {
        held.end(parameters.framesOf(held.length()));
    }

    /** The sum of |Z|^2 over the bins of a tile's frames, Z as in {@link Stft#forward}. Thread-safe. */
    public double of(long tile, int frames) {
        return stft.tiles()
                .energy(held.values(), held.index(tile * FrameLoop.TILE_FRAMES * parameters.hopLength()), frames);
    }
}
