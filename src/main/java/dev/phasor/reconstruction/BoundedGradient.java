package dev.phasor.reconstruction;

import dev.phasor.phase.Floor;
import dev.phasor.phase.GradientPolicy;
import dev.phasor.phase.Phase;

/**
 * The rule by which gradients pass through angles, where magnitudes are near 0.
 *
 * @param phase computes it
 */
public record BoundedGradient(Phase phase, GradientPolicy policy, Floor floor) {

    /** The same rule for values times 2^exponent. */
    BoundedGradient scaled(int exponent) {
        return floor.mode() == Floor.Mode.RELATIVE
                ? this
                : new BoundedGradient(
                        phase, policy, Floor.absolute(Math.min(Double.MAX_VALUE, Math.scalb(floor.value(), exponent))));
    }
}
