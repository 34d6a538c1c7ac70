package dev.phasor.phase;

import java.util.stream.IntStream;

/** A GPU by its name and its compute capability. */
record CudaDevice(String name, int major, int minor) {

    /**
     * What ND4J 1.0.0-M2.1 holds machine code for, ten times major plus minor, as the fat binaries in its
     * libnd4jcuda.so say. It holds no PTX that a driver could compile for others.
     */
    private static final int[] CODE = {37, 50, 52, 60, 61, 70, 75, 80, 86};

    /**
     * Machine code runs on devices of its own major capability, of its minor one and higher: 8.9 runs that of 8.6, 9.0
     * none.
     */
    boolean runsNd4j() {
        return IntStream.of(CODE).anyMatch(code -> code / 10 == major && code % 10 <= minor);
    }

    @Override
    public String toString() {
        return name + " of compute capability " + major + "." + minor;
    }
}
