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
            return x <= floor ? 0 : 1 / x;
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
            return x + floor == 0 ? 0 : 1 / (x + floor);
        }

        @Override
        double undo(double y, double floor) {
            return Math.max(0, y - floor);
        }
    };

    abstract double apply(double x, double floor);

    /** The derivative of ln(apply); 0 where it has none. */
    abstract double slope(double x, double floor);

    abstract double undo(double y, double floor);
}
