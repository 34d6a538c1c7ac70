package dev.phasor.stft;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Frames into lanes and back: [frame][n] to [n][lane]. Lanes beyond the frames hold zeros. */
final class Lanes {

    /** 256 bits where there are more: 8 frames are a tile, and half as many values lie in the first-level cache. */
    static final VectorSpecies<Float> SPECIES =
            FloatVector.SPECIES_PREFERRED.length() > 8 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_PREFERRED;

    static final int COUNT = SPECIES.length();

    private Lanes() {}

    /** Windowed samples: lane i is the frame at {@code at + i stride}. */
    static void load(float[] x, int at, int stride, int frames, int size, float[] window, float[] lanes) {
        for (int lane = 0; lane < COUNT; lane++) {
            if (lane < frames) {
                int from = at + lane * stride;
                for (int n = 0; n < size; n++) {
                    lanes[n * COUNT + lane] = window[n] * x[from + n];
                }
            } else {
                clear(lanes, lane, size);
            }
        }
    }

    /** Rows of {@code size} values, one after the other. */
    static void load(float[] rows, int offset, int frames, int size, float[] lanes) {
        for (int lane = 0; lane < COUNT; lane++) {
            if (lane < frames) {
                int from = offset + lane * size;
                for (int n = 0; n < size; n++) {
                    lanes[n * COUNT + lane] = rows[from + n];
                }
            } else {
                clear(lanes, lane, size);
            }
        }
    }

    private static void clear(float[] lanes, int lane, int size) {
        for (int n = 0; n < size; n++) {
            lanes[n * COUNT + lane] = 0;
        }
    }

    /** The largest absolute value of a row. */
    static float largest(float[] row, int from, int count) {
        FloatVector largest = FloatVector.zero(SPECIES);
        int whole = SPECIES.loopBound(count);
        for (int n = 0; n < whole; n += COUNT) {
            largest = largest.max(FloatVector.fromArray(SPECIES, row, from + n).abs());
        }
        float result = largest.reduceLanes(VectorOperators.MAX);
        for (int n = whole; n < count; n++) {
            result = Math.max(result, Math.abs(row[from + n]));
        }
        return result;
    }

    /** To rows of {@code size} values, one after the other. */
    static void store(float[] lanes, int size, int frames, float[] rows, int offset) {
        for (int lane = 0; lane < frames; lane++) {
            int to = offset + lane * size;
            for (int n = 0; n < size; n++) {
                rows[to + n] = lanes[n * COUNT + lane];
            }
        }
    }

    /** Pairs of samples, the j-th at {@code place[j]}, windowed, to rows. */
    static void store(float[] lanes, int[] place, float[] window, int frames, float[] rows) {
        int size = window.length;
        for (int lane = 0; lane < frames; lane++) {
            int to = lane * size;
            for (int j = 0; j < place.length; j++) {
                int from = place[j] * 2 * COUNT + lane;
                rows[to + 2 * j] = window[2 * j] * lanes[from];
                rows[to + 2 * j + 1] = window[2 * j + 1] * lanes[from + COUNT];
            }
        }
    }
}
