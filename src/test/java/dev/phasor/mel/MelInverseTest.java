package dev.phasor.mel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Signals;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MelInverseTest {

    private static final int FRAMES = 5;

    static Stream<MelFilters> banks() {
        float[][] wide = new float[6][33];
        for (int mel = 0; mel < 6; mel++) {
            for (int bin = 0; bin < 33; bin++) {
                wide[mel][bin] = (mel * 7 + bin * 3) % 5 / 4f;
            }
        }
        return Stream.of(
                MelFilters.triangles(22050, 1024, 80, 0, 8000, MelScale.SLANEY, MelNorm.SLANEY),
                MelFilters.triangles(16000, 400, 128, 0, 8000, MelScale.HTK, MelNorm.NONE),
                MelFilters.of(wide));
    }

    /** Mels of magnitudes are met, by magnitudes that are not negative. */
    @ParameterizedTest
    @MethodSource("banks")
    void melsOfMagnitudesAreMet(MelFilters bank) {
        float[] a = absolute(Signals.noise(1, FRAMES * bank.bins()));
        float[] x = forward(bank, a);
        float[] found = new float[a.length];
        new MelInverse(bank).solve(x, found);
        assertThat(found).doesNotContain(Float.NaN);
        for (float value : found) {
            assertThat(value).isNotNegative();
        }
        assertThat(Signals.distance(forward(bank, found), x)).isLessThan(2e-4 * Signals.norm(x));
    }

    /** The conditions of Karush, Kuhn and Tucker: no slope along a bin above 0, none downwards along a bin at 0. */
    @ParameterizedTest
    @MethodSource("banks")
    void isTheLeastSquaresSolutionWhereNoMagnitudesHaveTheseMels(MelFilters bank) {
        float[] x = absolute(Signals.noise(2, FRAMES * bank.mels()));
        float[] found = new float[FRAMES * bank.bins()];
        new MelInverse(bank).solve(x, found);
        float[] there = forward(bank, found);
        for (int frame = 0; frame < FRAMES; frame++) {
            double[] r = new double[bank.mels()];
            double norm = 0;
            for (int mel = 0; mel < r.length; mel++) {
                r[mel] = x[frame * r.length + mel] - there[frame * r.length + mel];
                norm = Math.hypot(norm, x[frame * r.length + mel]);
            }
            double[] slope = new double[bank.bins()];
            bank.adjoint(r, 0, slope, 0);
            double[] squares = squares(bank);
            for (int bin = 0; bin < slope.length; bin++) {
                double relative = squares[bin] == 0 ? 0 : slope[bin] / Math.sqrt(squares[bin]) / norm;
                assertThat(relative).isLessThan(1e-4);
                if (found[frame * bank.bins() + bin] > 1e-4) {
                    assertThat(relative).isCloseTo(0, within(1e-4));
                }
            }
        }
    }

    @Test
    void silenceAndMelsAtTheirFloorAreSilence() {
        MelFilters bank = banks().findFirst().orElseThrow();
        float[] x = new float[FRAMES * bank.mels()];
        x[3] = -1e-5f;
        float[] found = Signals.noise(3, FRAMES * bank.bins());
        new MelInverse(bank).solve(x, found);
        assertThat(found).containsOnly(0);
    }

    /** Without filters that are alike, between which rounding decides. */
    static Stream<MelFilters> banksOfFullRank() {
        float[][] wide = new float[6][33];
        for (int mel = 0; mel < 6; mel++) {
            for (int bin = 0; bin < 33; bin++) {
                wide[mel][bin] = (mel * mel + bin * 3) % 7 / 6f;
            }
            wide[mel][5 * mel] += 2;
        }
        return Stream.concat(banks().limit(2), Stream.of(MelFilters.of(wide)));
    }

    /**
     * The map is piecewise linear and homogeneous, so that its derivative along x is the map itself: <v, J x> = <v, a>.
     */
    @ParameterizedTest
    @MethodSource("banksOfFullRank")
    void theAdjointIsThatOfTheMap(MelFilters bank) {
        float[] x = absolute(Signals.noise(2, FRAMES * bank.mels()));
        float[] found = new float[FRAMES * bank.bins()];
        MelInverse inverse = new MelInverse(bank);
        inverse.solve(x, found);
        float[] v = Signals.noise(4, found.length);
        double[] back = inverse.pullBack(x, v);
        double there = 0;
        for (int i = 0; i < x.length; i++) {
            there += back[i] * x[i];
        }
        assertThat(there).isCloseTo(Signals.dot(v, found), within(1e-5 * Signals.norm(v) * Signals.norm(found)));
    }

    /** Where no bin ends at 0 the map is the pseudoinverse, whose adjoint is (B B')^-1 B. */
    @Test
    void withoutABinAtZeroTheAdjointIsThatOfThePseudoinverse() {
        MelFilters bank = MelFilters.of(new float[][] {{1, 1, 0, 0}, {0, 0.5f, 1, 0}});
        float[] x = {2, 1.5f};
        float[] found = new float[4];
        MelInverse inverse = new MelInverse(bank);
        inverse.solve(x, found);
        assertThat(found[0]).isPositive();
        assertThat(found[1]).isPositive();
        assertThat(found[2]).isPositive();
        // B B' = [[2, 0.5], [0.5, 1.25]], of which the inverse is [[1.25, -0.5], [-0.5, 2]] / 2.25.
        double[] back = inverse.pullBack(x, new float[] {1, 0, 0, 7});
        assertThat(back[0]).isCloseTo(1.25 / 2.25, within(1e-6));
        assertThat(back[1]).isCloseTo(-0.5 / 2.25, within(1e-6));
    }

    /** Such a mel is taken for 0, whatever it is. */
    @Test
    void aMelOfNothingOrLessPassesNothing() {
        MelFilters bank = MelFilters.of(new float[][] {{1, 1, 0, 0}, {0, 0.5f, 1, 0}});
        double[] back = new MelInverse(bank).pullBack(new float[] {2, 0, 2, -1}, new float[] {1, 1, 1, 0, 1, 1, 1, 0});
        assertThat(back[0]).isNotZero();
        assertThat(back[1]).isZero();
        assertThat(back[3]).isZero();
    }

    private static double[] squares(MelFilters bank) {
        double[] squares = new double[bank.bins()];
        for (float[] row : bank.matrix()) {
            for (int bin = 0; bin < squares.length; bin++) {
                squares[bin] += (double) row[bin] * row[bin];
            }
        }
        return squares;
    }

    private static float[] forward(MelFilters bank, float[] a) {
        float[] x = new float[FRAMES * bank.mels()];
        for (int frame = 0; frame < FRAMES; frame++) {
            bank.forward(a, frame * bank.bins(), x, frame * bank.mels());
        }
        return x;
    }

    private static float[] absolute(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]);
        }
        return values;
    }
}
