package dev.phasor.phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.signal.InvalidInputException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which kernel runs, and why. */
class PhaseKernelsTest {

    private static final String MEMORY = "org.bytedeco.javacpp.maxphysicalbytes";

    private final String memory = System.getProperty(MEMORY, "");

    @AfterEach
    void restore() {
        System.setProperty(MEMORY, memory);
        if (memory.isEmpty()) {
            System.clearProperty(MEMORY);
        }
    }

    /** Machine code runs on its own minor capability and on higher ones of the same major capability. */
    @ParameterizedTest
    @CsvSource({
        "3, 5, false", "3, 7, true", "5, 0, true", "5, 3, true", "6, 0, true", "6, 1, true", "6, 2, true", "7, 0, true",
        "7, 2, true", "7, 5, true", "8, 0, true", "8, 6, true", "8, 7, true", "8, 9, true", "9, 0, false",
                "10, 0, false",
        "12, 0, false", "4, 0, false"
    })
    void aDeviceRunsNd4jIfItsBinariesHoldCodeForIt(int major, int minor, boolean runs) {
        assertThat(new CudaDevice("GPU", major, minor).runsNd4j()).isEqualTo(runs);
    }

    @Test
    void aDeviceWithoutCodeIsNamedWithItsCapability() {
        assertThat(Nd4jBackend.candidate(new CudaDevice("NVIDIA H100", 9, 0)))
                .isEqualTo(
                        new Candidate(
                                "nd4j",
                                false,
                                "ND4J holds code for compute capability 3.7 to 8.9 only, not for NVIDIA H100 of compute capability 9.0"));
        assertThat(Nd4jBackend.candidate(new CudaDevice("NVIDIA L4", 8, 9)))
                .isEqualTo(new Candidate("nd4j", true, "ND4J on NVIDIA L4 of compute capability 8.9"));
    }

    @Test
    void aKernelThatDoesNotLoadNamesTheErrorBehindTheOthers() {
        Error missing = new UnsatisfiedLinkError("libpthread.so.0: cannot open shared object file");
        Error wrapped =
                new ExceptionInInitializerError(new RuntimeException("ND4J is probably missing dependencies", missing));

        assertThat(PhaseKernels.failed("nd4j", wrapped))
                .isEqualTo(
                        new Candidate(
                                "nd4j",
                                false,
                                "failed to load: java.lang.UnsatisfiedLinkError: libpthread.so.0: cannot open shared object file"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "vector"})
    void aKernelNamedOutrightRuns(String name) {
        KernelChoice choice = PhaseKernels.choose(name, "");

        assertThat(choice.kernel().name()).isEqualTo(name);
        assertThat(choice.reason()).startsWith("phasor.phase.kernel=" + name + ": ");
    }

    @Test
    void everyKernelIsACandidateWithItsReason() {
        KernelChoice choice = PhaseKernels.choose("auto", "");

        assertThat(choice.candidates()).extracting(Candidate::name).containsExactly("nd4j", "vector", "java");
        assertThat(choice.candidates()).extracting(Candidate::detail).doesNotContain("");
        assertThat(choice.reason()).doesNotContain("\n").isNotBlank();
    }

    @Test
    void anUnknownName() {
        assertThatThrownBy(() -> PhaseKernels.choose("gpu", ""))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("phasor.phase.kernel must be auto, java, vector or nd4j, got gpu");
    }

    @Test
    void memoryIsBoundedByTheSetting() {
        PhaseKernels.choose("java", "6g");

        assertThat(System.getProperty(MEMORY)).isEqualTo("6g");
    }

    @Test
    void memoryIsBoundedWithoutTheSetting() {
        System.clearProperty(MEMORY);

        PhaseKernels.choose("java", "");

        assertThat(Long.parseLong(System.getProperty(MEMORY)))
                .isEqualTo(Runtime.getRuntime().maxMemory() + Nd4jBackend.BESIDE_HEAP);
    }

    @Test
    void aBoundThatTheJvmWasStartedWithStays() {
        System.setProperty(MEMORY, "5g");

        PhaseKernels.choose("java", "");

        assertThat(System.getProperty(MEMORY)).isEqualTo("5g");
    }

    @ParameterizedTest
    @ValueSource(strings = {"much", "-1g", "8 g", "1e9"})
    void aBoundThatIsNoNumberOfBytes(String bytes) {
        assertThatThrownBy(() -> PhaseKernels.choose("java", bytes))
                .hasMessage("phasor.nd4j.max-memory must be a number of bytes such as 8g, got " + bytes);
    }
}
