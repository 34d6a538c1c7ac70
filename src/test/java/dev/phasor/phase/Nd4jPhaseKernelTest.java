package dev.phasor.phase;

import static dev.phasor.phase.Floats.anywhere;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * On ND4J's CPU backend, or on a GPU under {@code -Pcuda}: there it prints the device and its throughput, and is
 * skipped, with the reason on the console, where no device can run it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Nd4jPhaseKernelTest extends PhaseKernelTest {

    private static final int SIZE = 1 << 20;

    private final Candidate candidate = Nd4jBackend.present().candidate();
    private PhaseKernel kernel = PhaseKernels.java();

    @BeforeAll
    void open() {
        System.out.println((candidate.available() ? "" : "SKIPPED, the ND4J kernel: ") + candidate.detail());
        assumeTrue(candidate.available(), candidate.detail());
        kernel = new Nd4jPhaseKernel(PhaseKernels.java());
    }

    @Override
    public PhaseKernel kernel() {
        return kernel;
    }

    @AfterAll
    void printThroughput() {
        if (candidate.available() && Nd4jBackend.present() == Nd4jBackend.CUDA) {
            Random random = new Random(0);
            float[] re = anywhere(random, SIZE);
            float[] im = anywhere(random, SIZE);
            float[] g = anywhere(random, SIZE);
            float[] out = new float[SIZE];
            float[] dIm = new float[SIZE];
            print("angle", () -> kernel.angle(re, im, out));
            print(
                    "angleVjp",
                    () -> GradientContract.angleVjp(kernel, re, im, g, GradientPolicy.CLAMPED, 1e-6, out, dIm));
            print("project", () -> kernel.project(re, im, g, out, dIm));
        }
    }

    /** The best of 20 calls, the way of the data to the device and back included. */
    private void print(String name, Runnable call) {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 20; i++) {
            long start = System.nanoTime();
            call.run();
            best = Math.min(best, System.nanoTime() - start);
        }
        System.out.printf("%s, %s: %.0f million elements/s%n", candidate.detail(), name, SIZE * 1e3 / best);
    }
}
