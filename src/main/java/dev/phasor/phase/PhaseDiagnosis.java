package dev.phasor.phase;

import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Where the phase of a spectrogram is hazardous, and what each recipe would make of it.
 *
 * @param bins how many there are
 * @param hazards bins per hazard; {@link Hazard#ZERO_OUTPUT} apart, a bin counts for the first that applies
 * @param first the first bins of each hazard, in the order of the hazards
 * @param recipes the outcome of each recipe
 * @param firstAnomaly the first bin where the naive gradient is not finite
 */
public record PhaseDiagnosis(
        long bins,
        Map<Hazard, Long> hazards,
        List<HazardousBin> first,
        List<RecipeOutcome> recipes,
        @Nullable HazardousBin firstAnomaly) {

    private static final int MOST_FIRST = 10_000;

    /** {@link Phase#diagnose}. */
    static PhaseDiagnosis of(ComplexSpectrogram z, Floor floor, OptionalDouble eps, int limit, PhaseKernel kernel) {
        if (limit < 0 || limit > MOST_FIRST) {
            throw InvalidInputException.badParameter("limit", "in 0.." + MOST_FIRST, limit);
        }
        if (eps.isPresent() && !isPositiveFloat(eps.getAsDouble())) {
            throw InvalidInputException.badParameter("eps", "a positive float32 number", eps.getAsDouble());
        }
        var tally = new DiagnosisTally(z.shape(), eps, limit);
        for (int item = 0; item < z.items(); item++) {
            tally.add(item, z.re(item), z.im(item), floor.of(z.re(item), z.im(item), kernel));
        }
        return tally.diagnosis();
    }

    private static boolean isPositiveFloat(double value) {
        return (float) value > 0 && (float) value <= Float.MAX_VALUE;
    }

    /**
     * Anomaly detection that says what and where.
     *
     * @throws InvalidInputException {@code ANOMALY} if the naive gradient is not finite somewhere
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
