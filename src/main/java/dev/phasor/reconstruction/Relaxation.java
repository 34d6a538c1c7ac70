package dev.phasor.reconstruction;

/** The fixed coefficients of the algorithms, the same wherever they compute: best of a grid (QUALITY.md). */
public final class Relaxation {

    /** g of {@link AcceleratedGriffinLim}. */
    public static final float AGLA = 1.25f;

    /** r of {@link Admm}. */
    public static final float ADMM = 0.1f;

    /** b of {@link Raar}. */
    public static final float RAAR = 0.9f;

    /** b of {@link DifferenceMap}. */
    public static final float DIFFERENCE_MAP = 0.8f;

    private Relaxation() {}
}
