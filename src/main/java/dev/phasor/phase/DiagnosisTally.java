package dev.phasor.phase;

import dev.phasor.signal.Ranges;
import dev.phasor.signal.SpectrogramShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Builds a {@link PhaseDiagnosis} bin by bin. */
final class DiagnosisTally {

    private final SpectrogramShape shape;
    private final int limit;
    private final List<RecipeTally> recipes = new ArrayList<>();
    private final RecipeTally naive;
    private final Map<Hazard, Long> counts = new EnumMap<>(Hazard.class);
    private final List<HazardousBin> first = new ArrayList<>();
    private long bins;
    private @Nullable HazardousBin firstAnomaly;

    DiagnosisTally(SpectrogramShape shape, OptionalDouble eps, int limit) {
        this.shape = shape;
        this.limit = limit;
        for (Recipe recipe : Recipe.values()) {
            recipes.add(new RecipeTally(recipe, (float) eps.orElse(recipe.defaultEps())));
        }
        naive = recipes.get(Recipe.NAIVE.ordinal());
        for (Hazard hazard : Hazard.values()) {
            counts.put(hazard, 0L);
        }
    }

    /** Counts all bins of an item in the order of a client's array: by bin, then by frame. */
    void add(int item, float[] re, float[] im, double floor) {
        for (int bin = 0; bin < shape.bins(); bin++) {
            int row = bin;
            Ranges.inOrder(shape.frames(), (from, to) -> {
                for (int frame = from; frame < to; frame++) {
                    int i = frame * shape.bins() + row;
                    add(item, i, re[i], im[i], floor);
                }
            });
        }
        bins += re.length;
    }

    private void add(int item, int position, float re, float im, double floor) {
        @Nullable Hazard hazard = hazard(re, im, floor);
        if (hazard != null) {
            count(hazard, item, position, re, im);
        }
        double angle = Math.atan2(im, re);
        if ((float) angle == 0) {
            count(Hazard.ZERO_OUTPUT, item, position, re, im);
        }
        for (RecipeTally recipe : recipes) {
            boolean finite = recipe.add(re, im, angle, floor);
            if (!finite && hazard != null && recipe == naive && firstAnomaly == null) {
                firstAnomaly = bin(hazard, item, position, re, im);
            }
        }
    }

    /**
     * The first hazard that applies, except {@link Hazard#ZERO_OUTPUT}. It depends on products in float32, as computed
     * here.
     */
    static @Nullable Hazard hazard(float re, float im, double floor) {
        float square = re * re + im * im;
        if (re == 0 && im == 0) {
            return Hazard.ZERO;
        }
        if (square < Float.MIN_NORMAL) {
            return Hazard.UNDERFLOW;
        }
        if (1 / square < Float.MIN_NORMAL) {
            return Hazard.OVERFLOW;
        }
        return Math.sqrt((double) re * re + (double) im * im) < floor ? Hazard.BELOW_FLOOR : null;
    }

    private void count(Hazard hazard, int item, int position, float re, float im) {
        if (counts.merge(hazard, 1L, Long::sum) <= limit) {
            first.add(bin(hazard, item, position, re, im));
        }
    }

    private HazardousBin bin(Hazard hazard, int item, int position, float re, float im) {
        List<Integer> index = Arrays.stream(shape.index(item, position)).boxed().toList();
        return new HazardousBin(hazard, index, re, im);
    }

    PhaseDiagnosis diagnosis() {
        return new PhaseDiagnosis(
                bins,
                counts,
                first.stream()
                        .sorted(Comparator.comparing(HazardousBin::hazard))
                        .toList(),
                recipes.stream().map(RecipeTally::outcome).toList(),
                firstAnomaly);
    }
}
