package dev.phasor.codec;

/**
 * Samples to integers of so many bits and how many were clipped: times 2^(bits-1), to the nearest, half to even,
 * clamped to the range, which ends one step below 1. What was read from integers of as many bits or fewer comes back
 * bit by bit. No dither: it is the caller's to add.
 */
final class Pcm {

    private final float scale;

    /** @param bits 2..24, so that every integer is a float32 */
    Pcm(int bits) {
        this.scale = 1 << (bits - 1);
    }

    /** NaN becomes 0. */
    int quantize(float sample) {
        return (int) Math.max(-scale, Math.min(scale - 1, (float) Math.rint(sample * scale)));
    }

    /** Samples that round to beyond the range, and NaN. */
    long countClipped(float[] samples, int offset, int count) {
        long clipped = 0;
        for (int i = offset; i < offset + count; i++) {
            double step = Math.rint(samples[i] * scale);
            clipped += step >= -scale && step < scale ? 0 : 1;
        }
        return clipped;
    }
}
