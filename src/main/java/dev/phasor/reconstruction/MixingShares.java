package dev.phasor.reconstruction;

/**
 * How the mixing error X - sum S is shared among the sources: L_j of {@link Separator}, which sums to 1 in every bin
 * (Magron, Virtanen, "On Modeling the Mixture Consistency of Estimated Sources", 2023, section III).
 */
public enum MixingShares {
    /** {@link #UNIFORM} where the magnitudes fit the mixture, else {@link #MAGNITUDE}: {@link MagnitudeFit}. */
    AUTO(0),
    /** 1 / J. It measured best for exact magnitudes. */
    UNIFORM(0),
    /** M_j / sum M. It measured best for magnitudes with independent errors. */
    MAGNITUDE(1),
    /** M_j^2 / sum M^2. It measured best for smooth magnitudes, as of a Wiener filter. */
    POWER(2);

    private final int exponent;

    MixingShares(int exponent) {
        this.exponent = exponent;
    }

    /** The exponent of M_j. */
    int exponent() {
        return exponent;
    }
}
