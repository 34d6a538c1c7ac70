package dev.phasor.codec;

import dev.phasor.signal.Cancellation;
import dev.phasor.signal.Ranges;

/** Transposes between [bins, frames] in files and planes [frame][bin] in memory. */
final class Transpose {

    /** Rows and columns of a block: 4 KiB of floats on each side stay in the first-level cache. */
    private static final int BLOCK = 32;

    private Transpose() {}

    /**
     * @param in [rows][columns] from {@code inOffset} on. Not modified.
     * @param out [columns][rows] from {@code outOffset} on. Modified.
     */
    static void of(float[] in, int inOffset, int rows, int columns, float[] out, int outOffset) {
        int blocks = (columns + BLOCK - 1) / BLOCK;
        Ranges.forEach(blocks, (long) rows * columns, 1, (from, to) -> {
            Cancellation wanted = Cancellation.current();
            for (int block = from; block < to; block++) {
                wanted.check();
                int column = block * BLOCK;
                int columnEnd = Math.min(columns, column + BLOCK);
                for (int row = 0; row < rows; row += BLOCK) {
                    int rowEnd = Math.min(rows, row + BLOCK);
                    for (int c = column; c < columnEnd; c++) {
                        for (int r = row; r < rowEnd; r++) {
                            out[outOffset + c * rows + r] = in[inOffset + r * columns + c];
                        }
                    }
                }
            }
        });
    }
}
