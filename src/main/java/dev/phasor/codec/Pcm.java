package dev.phasor.codec;

/**
 * Converts samples to integers and counts clipped samples: times 2^(bits-1), rounded to the nearest integer (half to
 * even), clamped to the range, which ends one step below 1. Samples that were read from integers of at most as many
 * bits are restored exactly. No dither is added.
 */
final class Pcm {

    private final float scale;

    /** @param bits 2..24, so that every integer is exact in float32 */
    Pcm(int bits) {
        this.scale = 1 << (bits - 1);
    }

    /** The integer of a sample. NaN becomes 0. */
    int quantize(float sample) {
        return Math.max((int) -scale, Math.min((int) scale - 1, (int) Math.rint(sample * scale)));
    }

    /** The number of samples that round to a value beyond the range, or are NaN. */
    long countClipped(float[] samples, int offset, int count) {
        long clipped = 0;
        for (int i = offset; i < offset + count; i++) {
            double step = Math.rint(samples[i] * scale);
            clipped += step >= -scale && step < scale ? 0 : 1;
        }
        return clipped;
    }
}
