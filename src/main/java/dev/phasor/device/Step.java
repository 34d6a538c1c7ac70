package dev.phasor.device;

import java.util.Locale;

/** What happens to each bin in a pass over frames: {@code step/NAME.cl}. */
enum Step {
    PLACE(false, true, false),
    PROJECT(true, true, true),
    ADMM(true, true, true),
    RAAR(true, true, true),
    KEPT(false, true, false),
    DIFFERENCE_MAP_MAGNITUDE(true, true, true),
    DIFFERENCE_MAP_SUBTRACT(true, true, false),
    ANGLE(true, false, true),
    DISTANCE(true, false, false),
    SPECTRUM(true, false, false),
    GIVEN(false, true, false);

    /** Whether the signal's frames are transformed before it. */
    private final boolean forward;
    /** Whether its bins are transformed back. */
    private final boolean inverse;
    /** Whether the squared error of the magnitudes is summed before it. */
    private final boolean measured;

    Step(boolean forward, boolean inverse, boolean measured) {
        this.forward = forward;
        this.inverse = inverse;
        this.measured = measured;
    }

    /** Whether its bins are transformed back. */
    boolean inverse() {
        return inverse;
    }

    /** Whether there is an error of each frame: the magnitudes' before the step, or what the step itself sums. */
    private boolean summed() {
        return measured || this == DISTANCE || this == GIVEN;
    }

    private String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kernel's name. */
    String kernel() {
        return "frames_" + wireName();
    }

    /** The step and the pass around it. */
    String text() {
        String name = wireName();
        return "#define STEP step_" + name + "\n#define FRAMES " + kernel() + "\n#define FORWARD " + number(forward)
                + "\n#define INVERSE " + number(inverse) + "\n#define MEASURE " + number(measured)
                + "\n#define SUMMED " + number(summed()) + "\n"
                + KernelText.of("step/" + name) + KernelText.of("frame")
                + "#undef STEP\n#undef FRAMES\n#undef FORWARD\n#undef INVERSE\n#undef MEASURE\n#undef SUMMED\n";
    }

    private static int number(boolean is) {
        return is ? 1 : 0;
    }
}
