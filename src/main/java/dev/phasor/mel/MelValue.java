package dev.phasor.mel;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Ranges;

/**
 * What a trainer makes of magnitudes and of the mels of them. A bin's magnitude |X| becomes
 *
 * <pre>
 * a = (max(|X|^2, powerFloor) + powerOffset)^(power/2),    x = B a
 * </pre>
 *
 * and a mel x becomes
 *
 * <pre>
 * y = log(guard(x, floor)),   y = max(y, largest y of the item - range),   v = clip(scale y + offset, -clip, clip)
 * </pre>
 *
 * Without a logarithm y is x.
 *
 * @param power 1 or 2
 * @param floor the least mel whose logarithm is taken, 0 for none
 * @param range how far below its item's largest a logarithm may lie; infinite for any
 * @param clip the largest |v|; infinite for any
 */
public record MelValue(
        int power,
        double powerFloor,
        double powerOffset,
        MelLog log,
        MelGuard guard,
        double floor,
        double range,
        double scale,
        double offset,
        double clip) {

    /** Logarithms that came as floats lie by so much of themselves beside their floor. */
    private static final double ROUNDING = 4 * Math.ulp(1f);

    public MelValue {
        if (scale == 0) {
            throw InvalidInputException.badParameter("log_scale", "other than 0", scale);
        }
    }

    /** The value of a bin that a filter weighs. */
    public float ofBin(float magnitude) {
        double square = (double) magnitude * magnitude;
        double value = Math.max(square, powerFloor) + powerOffset;
        return (float) Math.min(Float.MAX_VALUE, power == 2 ? value : Math.sqrt(value));
    }

    /**
     * The derivative of {@link #ofBin} over |X|: da/d|X| = slope |X|. A power at its floor or below has none.
     *
     * @param value what {@code ofBin} made of it
     */
    public double slope(double square, float value) {
        return square <= powerFloor || value == 0 ? 0 : power == 2 ? 2 : 1 / (double) value;
    }

    /**
     * What a trainer makes of an item's mels.
     *
     * @param mels Modified.
     */
    public void apply(float[] mels) {
        double[] largest = {Double.NEGATIVE_INFINITY};
        if (log != MelLog.NONE) {
            Ranges.inOrder(mels.length, (from, to) -> {
                for (int i = from; i < to; i++) {
                    double y = logarithm(mels[i]);
                    mels[i] = (float) y;
                    largest[0] = Math.max(largest[0], y);
                }
            });
        }
        double least = log == MelLog.NONE ? 0 : largest[0] - range;
        Ranges.inOrder(mels.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                mels[i] = (float) Math.max(-clip, Math.min(clip, scale * Math.max(mels[i], least) + offset));
            }
        });
    }

    /**
     * The adjoint of {@link #apply}'s derivative. What is clamped has none: a mel at {@code floor} or below, and a
     * value at {@code clip}. A logarithm below {@code range} stands for the largest of the item, and its cotangent is
     * that one's.
     *
     * @param mels before {@code apply}. Not modified.
     * @param cotangent Modified: of the values, then of the mels.
     */
    public void pullBack(float[] mels, double[] cotangent) {
        double perNeper = log.perNeper(power);
        int[] largest = new int[1];
        Ranges.inOrder(mels.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                largest[0] = mels[i] > mels[largest[0]] ? i : largest[0];
            }
        });
        double least = log == MelLog.NONE ? 0 : logarithm(mels[largest[0]]) - range;
        double[] moved = new double[1];
        Ranges.inOrder(mels.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double y = logarithm(mels[i]);
                boolean isClipped = !(Math.abs(scale * Math.max(y, least) + offset) < clip);
                double g = isClipped ? 0 : scale * cotangent[i];
                moved[0] += y < least ? g : 0;
                cotangent[i] = y < least ? 0 : g;
            }
        });
        cotangent[largest[0]] += moved[0];
        if (log != MelLog.NONE) {
            Ranges.inOrder(mels.length, (from, to) -> {
                for (int i = from; i < to; i++) {
                    cotangent[i] *= perNeper * guard.slope(mels[i], floor);
                }
            });
        }
    }

    /**
     * The least value that {@link #apply} makes of an item.
     *
     * @param largest the item's largest value
     * @return minus infinity where nothing bounds it: without a logarithm, and where {@code scale} is negative
     */
    public double leastValue(double largest) {
        if (log == MelLog.NONE || scale < 0) {
            return Double.NEGATIVE_INFINITY;
        }
        double y = Math.max(log.perNeper(power) * Math.log(floor), (largest - offset) / scale - range);
        return Math.max(-clip, scale * y + offset);
    }

    /** How far apart the values of two magnitudes lie of which one is e times the other. */
    public double perNeper() {
        return scale * log.perNeper(power) * power;
    }

    /** The mel that a value stands for, in a logarithm of one's choice. */
    public double melOf(double value, MelLog of) {
        return Math.exp((value - offset) / scale / of.perNeper(power));
    }

    /** y of a mel; without a logarithm the mel. */
    private double logarithm(float mel) {
        return log == MelLog.NONE
                ? mel
                : Math.max(-Float.MAX_VALUE, log.perNeper(power) * Math.log(guard.apply(mel, floor)));
    }

    /**
     * The mels that an item's values stand for. A value at the floor says only "at most": its mel is the floor,
     * negated.
     *
     * @param values Modified.
     * @throws InvalidInputException {@code NON_FINITE_INPUT} if a mel is no float without its logarithm,
     *     {@code NEGATIVE_MAGNITUDE} if it is below 0 without one
     */
    public void undo(float[] values) {
        double[] largest = {Double.NEGATIVE_INFINITY};
        Ranges.inOrder(values.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                largest[0] = Math.max(largest[0], (values[i] - offset) / scale);
            }
        });
        double least = leastLogarithm(largest[0]);
        Ranges.inOrder(values.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                boolean clipped = values[i] <= -clip * (1 - ROUNDING);
                double y = (values[i] - offset) / scale;
                values[i] = log == MelLog.NONE ? linear(y, clipped) : exponential(y, clipped, least);
            }
        });
    }

    /**
     * The adjoint of {@link #undo}'s derivative: of y = log(x) it is x. What says only "at most", and 0, pass nothing.
     *
     * @param mels after {@code undo}. Not modified.
     * @param cotangent Modified: of the mels, then of the values.
     */
    public void pullBackUndone(float[] mels, double[] cotangent) {
        double perNeper = log.perNeper(power);
        Ranges.inOrder(mels.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double slope = log == MelLog.NONE ? 1 : guard.apply(mels[i], floor) / perNeper;
                cotangent[i] = mels[i] > 0 ? cotangent[i] * slope / scale : 0;
            }
        });
    }

    private static float linear(double x, boolean clipped) {
        if (x < 0) {
            throw new InvalidInputException(
                    Code.NEGATIVE_MAGNITUDE,
                    "a mel without a logarithm must be >= 0, got " + x
                            + ": name the preset of a log-mel (mel=hifigan), or its log=ln, log10 or db");
        }
        return clipped ? -Math.max(checked(x), Float.MIN_VALUE) : checked(x);
    }

    private float exponential(double y, boolean clipped, double least) {
        double x = guard.undo(Math.exp(y / log.perNeper(power)), floor);
        boolean clamped = clipped || y <= least + ROUNDING * Math.abs(least);
        // Minus infinity, too, is at most the floor.
        double most = guard == MelGuard.CLAMP ? Math.max(x, floor) : x;
        return clamped ? -Math.max(checked(most), Float.MIN_VALUE) : checked(x);
    }

    private static float checked(double x) {
        if (!(x <= Float.MAX_VALUE)) {
            throw new InvalidInputException(
                    Code.NON_FINITE_INPUT,
                    "a mel must be a float without its logarithm, got " + x
                            + ": its log, log_scale or log_offset is another");
        }
        return (float) x;
    }

    /** The logarithm below which all are alike, given an item's largest. */
    private double leastLogarithm(double largest) {
        double lowest =
                guard == MelGuard.CLAMP && floor > 0 ? log.perNeper(power) * Math.log(floor) : -Double.MAX_VALUE;
        return Math.max(lowest, largest - range);
    }
}
