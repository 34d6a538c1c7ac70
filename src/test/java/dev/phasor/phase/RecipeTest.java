package dev.phasor.phase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Golden;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The recipes do what float32 autograd does with them, failures included. */
class RecipeTest {

    private static final int COLUMNS = 12;

    /** Bit for bit, by {@code src/test/golden/recipes.py}. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SAFE")
    void gradientsAreThoseOfAutograd(Recipe recipe) {
        FloatBuffer golden = Golden.buffer("phase/recipes.f4").asFloatBuffer();
        int column = 2 + 2 * recipe.ordinal();
        for (int row = 0; row < golden.limit(); row += COLUMNS) {
            float x = golden.get(row);
            float y = golden.get(row + 1);
            assertThat(new float[] {recipe.dRe(x, y, recipe.defaultEps(), 0), recipe.dIm(x, y, recipe.defaultEps(), 0)})
                    .as("at (%s, %s)", x, y)
                    .usingComparatorWithPrecision(0f)
                    .containsExactly(golden.get(row + column), golden.get(row + column + 1));
        }
    }

    @Test
    void naiveAtTheOrigin() {
        assertThat(dRe(Recipe.NAIVE, 0, 0)).isNaN();
    }

    @Test
    void nudgingExactZerosLetsTinyValuesSlipThrough() {
        assertThat(dRe(Recipe.ZERO_NUDGE, 1e-25f, 0)).isNaN();
        assertThat(dRe(Recipe.ZERO_NUDGE, 1e-25f, 1e-25f)).isInfinite();
    }

    @Test
    void nudgingExactZerosTurnsASmallPhase() {
        assertThat(Math.atan2(1e-12, Recipe.ZERO_NUDGE.changed(0, 1e-7f))).isLessThan(1e-4);
    }

    @Test
    void theThresholdLosesEveryNegativeRealPart() {
        assertThat(Math.atan2(0.5, Recipe.THRESHOLD.changed(-1, 1e-10f))).isLessThan(1.571);
        assertThat(dRe(Recipe.THRESHOLD, -1, 0.5f)).isZero();
    }

    @Test
    void theThresholdOnTheAbsoluteValueFlipsPhasesInsideItsBand() {
        assertThat(Math.atan2(1e-9, Recipe.ABS_THRESHOLD.changed(-5e-8f, 1e-7f)))
                .isLessThan(0.011);
        assertThat(Math.atan2(0, Recipe.ABS_THRESHOLD.changed(-1e-11f, 1e-10f))).isZero();
        assertThat(dRe(Recipe.ABS_THRESHOLD, -1e-11f, 1)).isZero();
    }

    @Test
    void addingEpsMovesTheSingularity() {
        assertThat(dRe(Recipe.ADD_EPS, -1e-7f, 0)).isNaN();
        assertThat(Recipe.ADD_EPS.changed(1, 1e-7f)).isNotEqualTo(1f);
    }

    @Test
    void theSafeOneIsFiniteOnEveryPair() {
        FloatBuffer golden = Golden.buffer("phase/recipes.f4").asFloatBuffer();
        for (int row = 0; row < golden.limit(); row += COLUMNS) {
            float x = golden.get(row);
            float y = golden.get(row + 1);
            assertThat(Recipe.SAFE.dRe(x, y, 0, 1e-6)).isFinite();
            assertThat(Recipe.SAFE.dIm(x, y, 0, 1e-6)).isFinite();
        }
    }

    private static float dRe(Recipe recipe, float x, float y) {
        return recipe.dRe(x, y, recipe.defaultEps(), 0);
    }
}
