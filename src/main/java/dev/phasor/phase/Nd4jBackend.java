package dev.phasor.phase;

import dev.phasor.signal.InvalidInputException;
import java.util.regex.Pattern;

/** The backend that ND4J would use, detected without loading ND4J, which takes seconds and hundreds of megabytes. */
enum Nd4jBackend {
    CPU,
    CUDA,
    NONE;

    private static final String NAME = "nd4j";

    private static final String MEMORY_PROPERTY = "org.bytedeco.javacpp.maxphysicalbytes";

    /** 4 GiB: the mapped libraries of ND4J and CUDA take most of it, the buffers of this package 60 MB. */
    static final long BESIDE_HEAP = 4L << 30;

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

    /** Whether this backend can be expected to run here, with the reason in one sentence. */
    Candidate candidate() {
        return switch (this) {
            case NONE -> new Candidate(NAME, false, "ND4J is not in this build");
            case CPU -> new Candidate(NAME, true, "ND4J on the CPU, loaded on demand only: slower than the others");
            case CUDA -> cudaCandidate();
        };
    }

    private static Candidate cudaCandidate() {
        try {
            return candidate(CudaDriver.load().firstDevice());
        } catch (LinkageError e) {
            return new Candidate(NAME, false, "ND4J needs CUDA, and no NVIDIA driver is installed");
        } catch (IllegalStateException e) {
            return new Candidate(NAME, false, "ND4J needs CUDA, and " + e.getMessage());
        }
    }

    static Candidate candidate(CudaDevice device) {
        return device.runsNd4j()
                ? new Candidate(NAME, true, "ND4J on " + device)
                : new Candidate(
                        NAME, false, "ND4J holds code for compute capability 3.7 to 8.9 only, not for " + device);
    }

    /**
     * Limits the memory of the process, the heap and ND4J's buffers together. ND4J reads the limit when it is loaded.
     *
     * @param bytes a number with an optional k, m, g or t. If empty, the limit is the JVM's
     *     {@code -Dorg.bytedeco.javacpp.maxphysicalbytes} or, without it, the largest heap plus {@link #BESIDE_HEAP}.
     * @throws InvalidInputException {@code BAD_PARAMETER} if {@code bytes} is neither empty nor such a number
     */
    static void limitMemory(String bytes) {
        if (bytes.isEmpty()) {
            if (System.getProperty(MEMORY_PROPERTY) == null) {
                System.setProperty(
                        MEMORY_PROPERTY, Long.toString(Runtime.getRuntime().maxMemory() + BESIDE_HEAP));
            }
            return;
        }
        if (!MEMORY.matcher(bytes).matches()) {
            throw InvalidInputException.badParameter("phasor.nd4j.max-memory", "a number of bytes such as 8g", bytes);
        }
        System.setProperty(MEMORY_PROPERTY, bytes);
    }
}
