package dev.phasor.phase;

/** Builds a {@link RecipeOutcome} bin by bin. */
final class RecipeTally {

    private final Recipe recipe;
    private final float eps;
    private long bins;
    private long nonFinite;
    private float largestGradient;
    private double largestError;
    private double errorSum;
    private long flipped;

    RecipeTally(Recipe recipe, float eps) {
        this.recipe = recipe;
        this.eps = eps;
    }

    /** Adds a bin and returns whether its gradient is finite. */
    boolean add(float re, float im, double angle, double floor) {
        bins++;
        addError(angle, re, im);
        float dRe = recipe.dRe(re, im, eps, floor);
        float dIm = recipe.dIm(re, im, eps, floor);
        boolean finite = Float.isFinite(dRe) && Float.isFinite(dIm);
        if (!finite) {
            nonFinite++;
        }
        largestGradient = Math.max(largestGradient, Math.max(finiteMagnitude(dRe), finiteMagnitude(dIm)));
        return finite;
    }

    private static float finiteMagnitude(float value) {
        return Float.isFinite(value) ? Math.abs(value) : 0;
    }

    private void addError(double angle, float re, float im) {
        float changed = recipe.changed(re, eps);
        if (changed != re) {
            double distance = Math.abs(Math.atan2(im, changed) - angle);
            double error = Math.min(distance, 2 * Math.PI - distance);
            largestError = Math.max(largestError, error);
            errorSum += error;
            if (error > Math.PI / 2) {
                flipped++;
            }
        }
    }

    RecipeOutcome outcome() {
        return new RecipeOutcome(
                recipe, nonFinite, largestGradient, largestError, bins == 0 ? 0 : errorSum / bins, flipped);
    }
}
