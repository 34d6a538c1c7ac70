package dev.phasor.reconstruction;

/** The coefficients of the algorithms, the same wherever they compute: best of a grid (QUALITY.md). */
public final class Relaxation {

    /** g of {@link AcceleratedGriffinLim}. */
    public static final float AGLA = 1.25f;

    /** r of {@link Admm}. */
    public static final float ADMM = 0.1f;

    /** b of {@link Raar}. */
    public static final float RAAR = 0.9f;

    /** b of {@link DifferenceMap}. */
    public static final float DIFFERENCE_MAP = 0.8f;

    /** More iterations of {@link Admm} in front of a descent have an r that grows, by equal factors. */
    private static final int FEW = 60;

    private static final double FIRST = 0.01;
    private static final double FIRST_OF_EXCURSION = 0.001;
    private static final double LAST = 0.05;

    private Relaxation() {}

    private static float growing(double first, int iteration, int count) {
        return (float) (first * Math.pow(LAST / first, (double) iteration / count));
    }

    /** r of each iteration of {@link Admm}. */
    @FunctionalInterface
    public interface Schedule {

        /** Of ADMM alone. */
        Schedule ALONE = (iteration, count) -> ADMM;

        /** In front of a descent: a small r looks further for a valley, a larger one keeps to it (QUALITY.md). */
        Schedule DESCENDED = (iteration, count) -> count <= FEW ? ADMM : growing(FIRST, iteration, count);

        /** Of an {@link Excursion}, which has found a valley already and looks furthest. */
        Schedule EXCURSION = (iteration, count) -> growing(FIRST_OF_EXCURSION, iteration, count);

        /**
         * @param iteration from 0 on
         * @param count of all iterations
         */
        float at(int iteration, int count);
    }
}
