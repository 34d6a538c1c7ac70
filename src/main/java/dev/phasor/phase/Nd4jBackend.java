package dev.phasor.phase;

import dev.phasor.signal.InvalidInputException;
import java.util.regex.Pattern;

/** Which backend ND4J would use, found out without loading it: that takes seconds and hundreds of megabytes. */
enum Nd4jBackend {
    CPU,
    CUDA,
    NONE;

    /** ND4J 1.0.0-M2.1 holds machine code for sm_37 to sm_86 and none to compile from; 8.9 runs that of 8.6, 9.0 nothing. */
    private static final int OLDEST_CAPABILITY = 37;

    private static final int NEWEST_CAPABILITY = 89;

    private static final String MEMORY_PROPERTY = "org.bytedeco.javacpp.maxphysicalbytes";
    private static final Pattern MEMORY = Pattern.compile("\\d{1,15}[kKmMgGtT]?");

    static Nd4jBackend present() {
        if (isPresent("org.nd4j.linalg.jcublas.JCublasBackend")) {
            return CUDA;
        }
        return isPresent("org.nd4j.linalg.cpu.nativecpu.CpuBackend") ? CPU : NONE;
    }

    private static boolean isPresent(String className) {
        try {
            Class.forName(className, false, Nd4jBackend.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    /** Whether this backend can be expected to run here: one sentence that says why. */
    Candidate candidate() {
        return switch (this) {
            case NONE -> new Candidate("nd4j", false, "ND4J is not in this build");
            case CPU -> new Candidate("nd4j", true, "ND4J on the CPU, loaded on demand only: slower than the others");
            case CUDA -> cudaCandidate();
        };
    }

    private static Candidate cudaCandidate() {
        try {
            return cudaCandidate(CudaDriver.load().computeCapability());
        } catch (LinkageError e) {
            return new Candidate("nd4j", false, "ND4J needs CUDA, and no NVIDIA driver is installed");
        } catch (IllegalStateException e) {
            return new Candidate("nd4j", false, "ND4J needs CUDA, and " + e.getMessage());
        }
    }

    static Candidate cudaCandidate(int capability) {
        boolean runs = capability >= OLDEST_CAPABILITY && capability <= NEWEST_CAPABILITY;
        String device = "a CUDA device of compute capability " + capability / 10 + "." + capability % 10;
        return new Candidate(
                "nd4j", runs, runs ? "ND4J on " + device : "ND4J holds code for 3.7 to 8.9 only, not for " + device);
    }

    /**
     * Bounds the memory of the process, heap and ND4J's buffers together, from the moment on when ND4J is loaded.
     *
     * @param bytes a number with an optional k, m, g or t, or empty for no bound but ND4J's own
     */
    static void limitMemory(String bytes) {
        if (bytes.isEmpty()) {
            return;
        }
        if (!MEMORY.matcher(bytes).matches()) {
            throw InvalidInputException.badParameter("phasor.nd4j.max-memory", "a number of bytes such as 8g", bytes);
        }
        System.setProperty(MEMORY_PROPERTY, bytes);
    }
}
