package dev.phasor.mel;

/** How {@code log_floor} keeps a logarithm finite. */
public enum MelGuard {
    /** log(max(x, floor)). */
    CLAMP {
        @Override
        double apply(double x, double floor) {
            return Math.max(x, floor);
        }

        @Override
        double slope(double x, double floor) {
            return x <= floor ? 0 : Math.min(STEEPEST, 1 / x);
        }

        @Override
        double undo(double y, double floor) {
            return y;
        }
    },
    /** log(x + floor), as NeMo has it. */
    ADD {
        @Override
        double apply(double x, double floor) {
            return x + floor;
        }

        @Override
        double slope(double x, double floor) {
            return x + floor == 0 ? 0 : Math.min(STEEPEST, 1 / (x + floor));
        }

        @Override
        double undo(double y, double floor) {
            return Math.max(0, y - floor);
        }
    };

    /** Beyond that of the least square of a float32, and far enough from the end of doubles. */
    private static final double STEEPEST = 1e100;

    abstract double apply(double x, double floor);

    /** The derivative of ln(apply), finite; 0 where it has none. */
    abstract double slope(double x, double floor);

    abstract double undo(double y, double floor);
}
