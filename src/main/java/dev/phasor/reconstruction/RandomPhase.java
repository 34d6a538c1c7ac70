package dev.phasor.reconstruction;

/**
 * Uniform random phases. They depend on the seed, the item and the position alone, not on the order of work or the
 * number of threads: SplitMix64 (Steele, Lea, Flood 2014) as a function of a counter.
 */
final class RandomPhase {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private final long key;

    RandomPhase(long seed, int item) {
        key = mix(mix(seed + GOLDEN) + GOLDEN * (item + 1L));
    }

    /** The phase at a position, in radians in [-pi, pi). */
    float at(long position) {
        long bits = mix(key + GOLDEN * (position + 1));
        return (float) (Math.PI * (0x1p-52 * (bits >>> 11) - 1));
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }
}
