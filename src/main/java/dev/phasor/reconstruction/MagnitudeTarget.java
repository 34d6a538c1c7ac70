package dev.phasor.reconstruction;

import dev.phasor.phase.Angles;
import dev.phasor.signal.Cancellation;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.stft.FrameLoop;
import org.jspecify.annotations.Nullable;

/**
 * The target of one item: its magnitudes, scaled by a power of two so that the largest is in [1, 2), and its known
 * phases. Each tile of the {@link FrameLoop} has its own array: the compiler vectorizes loops whose arrays share one
 * index from 0 on.
 */
final class MagnitudeTarget implements Target {

    private final IterationKernel kernel;
    private final FrameLoop loop;
    private final float[][] magnitude;
    private final @Nullable KnownBins known;
    private final double energy;

    private MagnitudeTarget(IterationKernel kernel, FrameLoop loop, float[][] magnitude, @Nullable KnownBins known) {
        this.kernel = kernel;
        this.loop = loop;
        this.magnitude = magnitude;
        this.known = known;
        Cancellation wanted = Cancellation.current();
        double sum = 0;
        for (float[] tile : magnitude) {
            wanted.check();
            sum += kernel.dot(tile, tile, 0, tile.length);
        }
        energy = sum;
    }

    /** A target of magnitudes without known phases, scaled by their own {@link #exponent}. */
    static MagnitudeTarget of(float[] plane, FrameLoop loop, IterationKernel kernel) {
        return new MagnitudeTarget(kernel, loop, tiles(plane, loop), null);
    }

    static MagnitudeTarget of(Problem problem, FrameLoop loop) {
        float[][] tiles = tiles(problem.magnitude(), loop);
        GivenPhase given = problem.parameters().given();
        RealSpectrogram mask = given == null ? null : given.known();
        KnownBins known = given == null || mask == null
                ? null
                : KnownBins.of(given.direction(), mask, problem.item(), loop, tiles);
        return new MagnitudeTarget(problem.kernels().iteration(), loop, tiles, known);
    }

    /** The exponent of the largest magnitude. Targets are scaled by 2^-exponent, an exact operation. */
    static int exponent(float[] magnitude) {
        float largest = Problem.largest(magnitude);
        return largest == 0 ? 0 : Math.getExponent(largest);
    }

    static float[][] tiles(float[] plane, FrameLoop loop) {
        double scale = Math.scalb(1.0, -exponent(plane));
        float[][] tiles = new float[loop.tiles()][loop.tileSize()];
        Ranges.forEach(tiles.length, plane.length, 1, (from, to) -> {
            for (int tile = from; tile < to; tile++) {
                loop.cut(plane, tile, tiles[tile]);
                for (int i = 0; i < tiles[tile].length; i++) {
                    tiles[tile][i] = (float) (tiles[tile][i] * scale);
                }
            }
        });
        return tiles;
    }

    /** The magnitudes of a tile. Not to be modified. */
    float[] magnitude(int tile) {
        return magnitude[tile];
    }

    /** The sum of the squared magnitudes. */
    @Override
    public double energy() {
        return energy;
    }

    /**
     * Sets a tile to M e^(i phase), with the known bins at their known values.
     *
     * @param phase the phases of all tiles, [frame][bin]
     * @param re Modified, as is {@code im}
     */
    @Override
    public void place(int tile, float[] phase, float[] re, float[] im) {
        float[] m = magnitude[tile];
        float[] angles = new float[m.length];
        loop.cut(phase, tile, angles);
        Angles.cosSin(angles, re, im);
        for (int i = 0; i < m.length; i++) {
            re[i] *= m[i];
            im[i] *= m[i];
        }
        restoreKnown(tile, re, im);
    }

    /**
     * P_A, "set the magnitude": M z/|z|, with phase 0 where z = 0, and the known bins at their known values.
     *
     * @param re Modified, as is {@code im}
     */
    @Override
    public void project(int tile, float[] re, float[] im) {
        kernel.project(magnitude[tile], re, im);
        restoreKnown(tile, re, im);
    }

    /** Sets the bins whose phase is known. */
    void restoreKnown(int tile, float[] re, float[] im) {
        if (known != null) {
            known.restore(tile, re, im);
        }
    }

    /** The sum of (|z| - M)^2 over a tile. */
    @Override
    public double squaredError(int tile, float[] re, float[] im) {
        return kernel.squaredError(magnitude[tile], re, im);
    }
}
