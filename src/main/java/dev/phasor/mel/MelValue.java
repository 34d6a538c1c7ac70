package dev.phasor.mel;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;

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

    /** Magnitudes without a logarithm. */
    public static MelValue linear(int power) {
        double infinite = Double.POSITIVE_INFINITY;
        return new MelValue(power, 0, 0, MelLog.NONE, MelGuard.CLAMP, 0, infinite, 1, 0, infinite);
    }

    /** The value of a bin that a filter weighs. */
    public float ofBin(float magnitude) {
        double square = (double) magnitude * magnitude;
        double value = Math.max(square, powerFloor) + powerOffset;
        return (float) Math.min(Float.MAX_VALUE, power == 2 ? value : Math.sqrt(value));
    }

    /**
     * What a trainer makes of an item's mels.
     *
     * @param mels Modified.
     */
    public void apply(float[] mels) {
        double perNeper = log.perNeper(power);
        double largest = Double.NEGATIVE_INFINITY;
        if (log != MelLog.NONE) {
            for (int i = 0; i < mels.length; i++) {
                double y = perNeper * Math.log(guard.apply(mels[i], floor));
                mels[i] = (float) Math.max(-Float.MAX_VALUE, y);
                largest = Math.max(largest, y);
            }
        }
        for (int i = 0; i < mels.length; i++) {
            double y = log == MelLog.NONE ? mels[i] : Math.max(mels[i], largest - range);
            mels[i] = (float) Math.max(-clip, Math.min(clip, scale * y + offset));
        }
    }

    /**
     * The mels that an item's values stand for. A value at the floor says only "at most": its mel is the floor,
     * negated.
     *
     * @param values Modified.
     * @throws InvalidInputException {@code NON_FINITE_INPUT}, {@code NEGATIVE_MAGNITUDE}
     */
    public void undo(float[] values) {
        double perNeper = log.perNeper(power);
        double largest = Double.NEGATIVE_INFINITY;
        for (float value : values) {
            largest = Math.max(largest, (value - offset) / scale);
        }
        double least = log == MelLog.NONE ? 0 : leastLogarithm(largest);
        for (int i = 0; i < values.length; i++) {
            double y = (values[i] - offset) / scale;
            double x = log == MelLog.NONE ? y : guard.undo(Math.exp(y / perNeper), floor);
            if (!(x <= Float.MAX_VALUE)) {
                throw new InvalidInputException(
                        Code.NON_FINITE_INPUT,
                        "a mel must be a float, got " + values[i] + ", which is " + x
                                + " without its logarithm: is log=" + log.name().toLowerCase(java.util.Locale.ROOT)
                                + " right?");
            }
            boolean clamped = log != MelLog.NONE && y <= least + ROUNDING * Math.abs(least)
                    || values[i] <= -clip * (1 - ROUNDING);
            values[i] = (float) (clamped ? -Math.max(Math.max(x, least(log)), Float.MIN_VALUE) : x);
        }
    }

    /** What a mel below its floor, even minus infinity, is at most. */
    private double least(MelLog of) {
        return of != MelLog.NONE && guard == MelGuard.CLAMP ? floor : 0;
    }

    /** The logarithm below which all are alike, given an item's largest. */
    private double leastLogarithm(double largest) {
        double lowest =
                guard == MelGuard.CLAMP && floor > 0 ? log.perNeper(power) * Math.log(floor) : -Double.MAX_VALUE;
        return Math.max(lowest, largest - range);
    }
}
