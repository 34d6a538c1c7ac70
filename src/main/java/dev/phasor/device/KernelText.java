package dev.phasor.device;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The kernels' text, put together of the resources. */
final class KernelText {

    /** No relaxed arithmetic: the bounds of the host's kernels hold. */
    private static final String OPTIONS = "-cl-std=CL1.2";

    private static final String DOUBLES = "#pragma OPENCL EXTENSION cl_khr_fp64 : enable\n";

    private KernelText() {}

    static String of(String name) {
        try (InputStream in = KernelText.class.getResourceAsStream(name + ".cl")) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks the kernels " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that is computed on frames and signals of one n_fft. */
    static String frames() {
        return DOUBLES
                + of("fft")
                + of("gather")
                + of("target")
                + Arrays.stream(Step.values()).map(Step::text).collect(Collectors.joining())
                + of("overlap")
                + of("sums")
                + of("bands")
                + of("rows");
    }

    static String frameOptions(int fftSize) {
        FrameSize size = FrameSize.of(fftSize);
        return OPTIONS + " -D N=" + fftSize + " -D W=" + size.threads() + " -D GROUP=" + size.group();
    }

    /** L-BFGS. */
    static String pairs() {
        return DOUBLES + of("sums") + of("pairs");
    }

    /** Maps of single values. */
    static String phase() {
        return DOUBLES + of("phase");
    }

    static String phaseOptions() {
        return OPTIONS;
    }

    static String pairsOptions(int slots) {
        return OPTIONS + " -D SLOTS=" + slots;
    }
}
