package dev.phasor.phase;

import java.util.stream.IntStream;

/** A GPU's name and compute capability. */
record CudaDevice(String name, int major, int minor) {

    /**
     * The compute capabilities, ten times major plus minor, that ND4J 1.0.0-M2.1 contains machine code for, according
     * to the fat binaries in its libnd4jcuda.so. The library has no PTX that a driver could compile for other devices.
     */
    private static final int[] CODE = {37, 50, 52, 60, 61, 70, 75, 80, 86};

    /**
     * Whether ND4J has code for this device. Machine code runs on devices of the same major and the same or a higher
     * minor capability: code for 8.6 runs on 8.9, and no listed code runs on 9.0.
     */
    boolean runsNd4j() {
        return IntStream.of(CODE).anyMatch(code -> code / 10 == major && code % 10 <= minor);
    }

    @Override
    public String toString() {
        return name + " of compute capability " + major + "." + minor;
    }
}
