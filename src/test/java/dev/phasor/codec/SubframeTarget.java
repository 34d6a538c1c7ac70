package dev.phasor.codec;

import dev.phasor.fuzz.Bounded;

/**
 * One channel of a FLAC frame, which the checksums keep from mutations of a file: two bytes of size and bits, then its
 * bits.
 */
public final class SubframeTarget {

    private SubframeTarget() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        Bounded.read(bytes, in -> {
            int size = 1 + (in.read() & 0xff) * 16;
            int bits = 4 + (in.read() & 0xff) % 30;
            long[] samples = new long[size];
            new FlacSubframe(new FlacBitReader(in), samples, size).read(bits);
            return samples;
        });
    }
}
