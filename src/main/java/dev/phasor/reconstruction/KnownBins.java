package dev.phasor.reconstruction;

import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.RealSpectrogram;

/** The bins whose phase is known, with the complex values that they must keep. */
final class KnownBins {

    /** By tile: where in the tile, and what there. */
    private final int[][] index;

    private final float[][] re;
    private final float[][] im;

    private KnownBins(int tiles) {
        index = new int[tiles][];
        re = new float[tiles][];
        im = new float[tiles][];
    }

    /** @param magnitude by tile */
    static KnownBins of(ComplexSpectrogram direction, RealSpectrogram mask, int item, float[][] magnitude) {
        KnownBins bins = new KnownBins(magnitude.length);
        float[] known = mask.values(item);
        int offset = 0;
        for (int tile = 0; tile < magnitude.length; tile++) {
            bins.fill(tile, offset, magnitude[tile], known, direction.re(item), direction.im(item));
            offset += magnitude[tile].length;
        }
        return bins;
    }

    private void fill(int tile, int offset, float[] magnitude, float[] known, float[] x, float[] y) {
        int size = Math.min(magnitude.length, known.length - offset);
        int count = 0;
        for (int i = 0; i < size; i++) {
            count += known[offset + i] == 0 ? 0 : 1;
        }
        index[tile] = new int[count];
        re[tile] = new float[count];
        im[tile] = new float[count];
        int k = 0;
        for (int i = 0; i < size; i++) {
            if (known[offset + i] != 0) {
                double angle = Math.atan2(y[offset + i], x[offset + i]);
                index[tile][k] = i;
                re[tile][k] = (float) (magnitude[i] * Math.cos(angle));
                im[tile][k++] = (float) (magnitude[i] * Math.sin(angle));
            }
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
