package dev.phasor.reconstruction;

import dev.phasor.signal.Cancellation;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.stft.FrameLoop;
import java.util.stream.IntStream;

/** The bins whose phase is known, with the complex values that they must keep. */
final class KnownBins {

    /** By tile: the positions of the known bins in the tile, and their values re and im. */
    private final int[][] index;

    private final float[][] re;
    private final float[][] im;

    private KnownBins(int tiles) {
        index = new int[tiles][];
        re = new float[tiles][];
        im = new float[tiles][];
    }

    /** @param magnitude the target's magnitudes, by tile */
    static KnownBins of(
            ComplexSpectrogram direction, RealSpectrogram mask, int item, FrameLoop loop, float[][] magnitude) {
        KnownBins bins = new KnownBins(magnitude.length);
        float[] known = new float[loop.tileSize()];
        float[] x = new float[loop.tileSize()];
        float[] y = new float[loop.tileSize()];
        Cancellation wanted = Cancellation.current();
        for (int tile = 0; tile < magnitude.length; tile++) {
            wanted.check();
            loop.cut(mask.values(item), tile, known);
            loop.cut(direction.re(item), tile, x);
            loop.cut(direction.im(item), tile, y);
            bins.fill(tile, magnitude[tile], known, x, y);
        }
        return bins;
    }

    private void fill(int tile, float[] magnitude, float[] known, float[] x, float[] y) {
        int[] at = IntStream.range(0, known.length).filter(i -> known[i] != 0).toArray();
        index[tile] = at;
        re[tile] = new float[at.length];
        im[tile] = new float[at.length];
        for (int k = 0; k < at.length; k++) {
            double angle = Math.atan2(y[at[k]], x[at[k]]);
            re[tile][k] = (float) (magnitude[at[k]] * Math.cos(angle));
            im[tile][k] = (float) (magnitude[at[k]] * Math.sin(angle));
        }
    }

    /** Sets the known values in a tile. */
    void restore(int tile, float[] tileRe, float[] tileIm) {
        for (int k = 0; k < index[tile].length; k++) {
            tileRe[index[tile][k]] = re[tile][k];
            tileIm[index[tile][k]] = im[tile][k];
        }
    }
}
