package dev.phasor.stft;

import dev.phasor.signal.VectorModule;

/**
 * Which transform runs: SIMD in float where its module is present and it knows the size, else JTransforms in double.
 */
public final class RealFfts {

    private RealFfts() {}

    /** What computes the transforms and why, one sentence for the log. */
    public static String reason() {
        return VectorModule.isPresent()
                ? "SIMD on the CPU for n_fft = 2^k in 8..65536, JTransforms in double precision for others"
                : "JTransforms in double precision; for SIMD run java with --add-modules jdk.incubator.vector";
    }

    /** What reports call the transform of this size: {@code vector} or {@code jtransforms}. */
    public static String name(int size) {
        return isVectorized(size) ? "vector" : "jtransforms";
    }

    static RealFft of(int size) {
        return isVectorized(size) ? new VectorRealFft(size) : new JTransformsRealFft(size);
    }

    static boolean isVectorized(int size) {
        return VectorModule.isPresent() && Integer.bitCount(size) == 1 && size >= 8 && size <= 1 << 16;
    }
}
