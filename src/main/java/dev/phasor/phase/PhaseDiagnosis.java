package dev.phasor.phase;

import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Plane;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The hazards of a spectrogram's phase, and the outcome of each recipe on it.
 *
 * @param bins the number of bins
 * @param hazards bins per hazard; a bin counts for the first hazard that applies, and for {@link Hazard#ZERO_OUTPUT}
 *     too
 * @param first the first bins of each hazard, in the order of the hazards
 * @param recipes the outcome of each recipe
 * @param firstAnomaly the first bin whose naive gradient is not finite
 */
public record PhaseDiagnosis(
        long bins,
        Map<Hazard, Long> hazards,
        List<HazardousBin> first,
        List<RecipeOutcome> recipes,
        @Nullable HazardousBin firstAnomaly) {

    private static final int MOST_FIRST = 10_000;

    /** See {@link Phase#diagnose}. */
    static PhaseDiagnosis of(ComplexSpectrogram z, Floor floor, OptionalDouble eps, int limit, PhaseKernel kernel) {
        if (limit < 0 || limit > MOST_FIRST) {
            throw InvalidInputException.badParameter("limit", "in 0.." + MOST_FIRST, limit);
        }
        if (eps.isPresent() && !isPositiveFloat(eps.getAsDouble())) {
            throw InvalidInputException.badParameter("eps", "a positive float32 number", eps.getAsDouble());
        }
        var tally = new DiagnosisTally(z.shape(), eps, limit);
        for (int item = 0; item < z.items(); item++) {
            double f = floor.of(Plane.of(z.re(item)), Plane.of(z.im(item)), kernel);
            tally.add(item, z.re(item), z.im(item), f);
        }
        return tally.diagnosis();
    }

    private static boolean isPositiveFloat(double value) {
        return (float) value > 0 && (float) value <= Float.MAX_VALUE;
    }

    /**
     * Anomaly detection that names the value and the place.
     *
     * @throws InvalidInputException {@code ANOMALY} if the naive gradient of a bin is not finite
     */
    public void requireFiniteNaiveGradient() {
        if (firstAnomaly != null) {
            throw new InvalidInputException(
                    Code.ANOMALY,
                    "the naive phase gradient must be finite, got "
                            + recipes.get(0).nonFiniteGradients()
                            + " bins where it is not, the first " + firstAnomaly.re() + " + " + firstAnomaly.im()
                            + "i at " + firstAnomaly.index());
        }
    }
}
