package dev.phasor.stft;

import dev.phasor.signal.VectorModule;

/** The implementation of the Fourier transforms of an {@link Stft}. */
public enum FftKernel {
    /** SIMD lanes in single precision for n_fft = 2^k in 8..65536, JTransforms for other sizes. */
    VECTOR("SIMD on the CPU for n_fft = 2^k in 8..65536, JTransforms in double precision for others"),
    /** JTransforms in double precision. */
    JTRANSFORMS("JTransforms in double precision; for SIMD run java with --add-modules jdk.incubator.vector");

    private static final int SMALLEST = 8;
    private static final int LARGEST = 1 << 16;

    private final String detail;

    FftKernel(String detail) {
        this.detail = detail;
    }

    /** The fastest kernel that runs on this machine. */
    public static FftKernel best() {
        return VectorModule.isPresent() ? VECTOR : JTRANSFORMS;
    }

    /** A description for the log. */
    public String detail() {
        return detail;
    }

    /** The name of the transform of this size in reports: {@code vector} or {@code jtransforms}. */
    public String name(int size) {
        return isVectorized(size) ? "vector" : "jtransforms";
    }

    /** The transform of this size. Only this method loads the classes that need the vector module. */
    RealFft fft(int size) {
        return isVectorized(size) ? new VectorRealFft(size) : new JTransformsRealFft(size);
    }

    boolean isVectorized(int size) {
        return this == VECTOR && Integer.bitCount(size) == 1 && size >= SMALLEST && size <= LARGEST;
    }
}
