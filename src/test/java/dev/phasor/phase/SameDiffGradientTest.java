package dev.phasor.phase;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/** Why ND4J's own rule for the gradient of atan2 is never used. */
class SameDiffGradientTest {

    @BeforeAll
    static void runsHere() {
        Candidate candidate = Nd4jBackend.present().candidate();
        assumeTrue(candidate.available(), candidate.detail());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1e-25, 1e-25", "0, 1e-30"})
    void isNotFiniteWhereOursIs(float re, float im) {
        float[] theirs = sameDiff(re, im);
        float[][] ours = {new float[1], new float[1]};
        GradientContract.angleVjp(
                new Nd4jPhaseKernel(PhaseKernels.java()),
                new float[] {re},
                new float[] {im},
                new float[] {1},
                GradientPolicy.CLAMPED,
                1e-6,
                ours);

        assertThat(Float.isFinite(theirs[0]) && Float.isFinite(theirs[1])).isFalse();
        assertThat(ours[0][0]).isFinite();
        assertThat(ours[1][0]).isFinite();
    }

    /** It is 0 there, and should be 3.5e-21. */
    @ParameterizedTest
    @CsvSource({"1e20, 1e20", "-3e19, 0"})
    void vanishesWhereOursDoesNot(float re, float im) {
        float[] ours = {
            SafeAtan2.dRe(im, re, 1, GradientPolicy.CLAMPED, 1e-6),
            SafeAtan2.dIm(im, re, 1, GradientPolicy.CLAMPED, 1e-6)
        };

        for (float part : sameDiff(re, im)) {
            assertThat(part == 0).isTrue();
        }
        assertThat(Math.hypot(ours[0], ours[1])).isGreaterThan(1e-21);
    }

    /** The gradient of the angle by re and im. */
    private static float[] sameDiff(float re, float im) {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.var("x", Nd4j.createFromArray(re));
        SDVariable y = graph.var("y", Nd4j.createFromArray(im));
        graph.math().atan2(y, x).sum("loss");
        graph.setLossVariables("loss");
        var gradients = graph.calculateGradients(Map.of(), "x", "y");
        return new float[] {
            requireNonNull(gradients.get("x")).getFloat(0),
            requireNonNull(gradients.get("y")).getFloat(0)
        };
    }
}
