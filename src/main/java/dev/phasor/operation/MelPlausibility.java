package dev.phasor.operation;

import dev.phasor.mel.MelLog;
import dev.phasor.mel.MelValue;
import dev.phasor.reconstruction.MelAccuracy;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/**
 * Mistakes that can be seen in a mel or in the sound that came of it, as {@link Plausibility} has them of magnitudes: a
 * name, a rule, a threshold with its origin, and a remedy. All are warnings. The figures are of the first 3 s of twelve
 * recordings of speech, music and noise, resampled to the rates of all presets; docs/mel.md has what each mistake
 * costs.
 */
final class MelPlausibility {

    /** Fewer values are those of examples and tests. */
    private static final int FEWEST_VALUES = 4096;

    /**
     * A preset's own mels have none beyond its floor. Models fall short of it by less than half a neper, which is not
     * counted.
     */
    private static final double LARGEST_SHARE = 0.01;

    private static final double NEPERS_BELOW = 0.5;

    /** So near to the floor, in nepers, is at the floor. */
    private static final double NEPERS_AT = 0.01;

    /** Mels of the right preset come to at most -19.2 dB in 16 iterations, to -21.9 in 32. */
    private static final double LARGEST_CONVERGENCE_DB = -17;

    /** An algorithm that iterates less may be so far away from mels too. */
    private static final int FEWEST_ITERATIONS = 16;

    /** The right preset's peaks are at most twice the recording's. */
    private static final float LARGEST_PEAK = 4;

    private MelPlausibility() {}

    /**
     * {@code below_floor}, {@code floor_elsewhere}, {@code no_logarithm}: values that no mel of these parameters has.
     *
     * @param values of an item, their statistics undone
     * @param silence the largest mel of no sound, before any logarithm
     */
    static void values(float[] values, MelValue value, double silence, Report report) {
        if (values.length < FEWEST_VALUES || value.log() == MelLog.NONE || value.scale() < 0) {
            return;
        }
        float least = Float.POSITIVE_INFINITY;
        float largest = Float.NEGATIVE_INFINITY;
        for (float v : values) {
            least = Math.min(least, v);
            largest = Math.max(largest, v);
        }
        double possible = value.leastValue(largest);
        int below = 0;
        int repeated = 0;
        for (float v : values) {
            below += v < possible - NEPERS_BELOW * value.perNeper() ? 1 : 0;
            repeated += v == least ? 1 : 0;
        }
        if (below > LARGEST_SHARE * values.length) {
            report.warn("below_floor: " + percent(below, values) + " of the mel's values are below "
                    + (float) possible + ", the least that log_floor, log_range and log_clip leave: the preset or its"
                    + " logarithm is another, or its log_floor is lower; see the table in docs/mel.md");
        }
        if (value.melOf(least, value.log()) >= 1) {
            report.warn("no_logarithm: no logarithm in the mel is negative, its least value is " + least
                    + ", as of a mel without a logarithm; send log=none, or the logarithm that its values are");
        } else if (repeated > LARGEST_SHARE * values.length
                && value.melOf(least, value.log()) > silence * (1 + NEPERS_AT)
                && least > possible + NEPERS_AT * value.perNeper()) {
            MelLog other = value.log() == MelLog.LOG10 ? MelLog.LN : MelLog.LOG10;
            report.warn("floor_elsewhere: " + percent(repeated, values) + " of the mel's values are " + least
                    + ", their least, where log_floor is at " + (float) possible
                    + ": if it is their floor, send log_floor="
                    + rounded(value.melOf(least, value.log())) + ", or the logarithm that makes it a round number"
                    + " (log=" + Parameters.wire(other) + ": " + rounded(value.melOf(least, other)) + ")");
        }
    }

    /** To three digits: a logarithm that came as a float has no more. */
    private static double rounded(double floor) {
        return new BigDecimal(floor).round(new MathContext(3)).doubleValue();
    }

    private static String percent(int count, float[] values) {
        return Math.round(100.0 * count / values.length) + " %";
    }

    /** {@code far_from_converged}: no sound with nearly these mels was found. */
    static void convergence(int iterations, List<MelAccuracy> accuracy, Report report) {
        double worst = accuracy.stream()
                .mapToDouble(MelAccuracy::melConvergenceDb)
                .max()
                .orElse(-200);
        if (iterations >= FEWEST_ITERATIONS && worst > LARGEST_CONVERGENCE_DB) {
            report.warn("far_from_converged: mel_convergence_db is " + Math.round(worst * 10) / 10.0 + ", above "
                    + LARGEST_CONVERGENCE_DB + ": the preset is another, or its log, power, mel_scale, hop_length or"
                    + " win_length; see the table in docs/mel.md");
        }
    }

    /** {@code too_loud}: a power or a bank of another norm was taken for this mel. */
    static void peak(float peak, Report report) {
        if (peak > LARGEST_PEAK) {
            report.warn("too_loud: the peak of the sound is " + peak + ", above " + LARGEST_PEAK
                    + ": the mel is of a power (power=2), of filters of one height (mel_norm=none), or of another"
                    + " logarithm; see the table in docs/mel.md");
        }
    }
}
