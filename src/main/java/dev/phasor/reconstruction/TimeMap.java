package dev.phasor.reconstruction;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.util.Arrays;

/** Which sample of a source is heard at which sample of the result: straight between points, and on behind the ends. */
public final class TimeMap {

    private final double[] source;
    private final double[] result;

    /** Samples of the source from one of the result to the next, where there is one speed; else 0. */
    private final double speed;

    private TimeMap(double[] source, double[] result, double speed) {
        this.source = source;
        this.result = result;
        this.speed = speed;
    }

    /**
     * One speed.
     *
     * @param length samples of the source
     * @param rate above 0; 2 is twice as fast
     */
    public static TimeMap ofRate(long length, double rate) {
        return new TimeMap(new double[] {0, length}, new double[] {0, length / rate}, rate);
    }

    /**
     * Straight lines between points.
     *
     * @param source ascending, in samples of the source. Kept, as {@code result}: not to be modified.
     * @param result ascending, in samples of the result
     * @throws InvalidInputException {@code SHAPE_MISMATCH} unless there are two points and more, from (0, 0) on
     */
    public static TimeMap ofPoints(double[] source, double[] result) {
        boolean right = source.length >= 2 && source[0] == 0 && result[0] == 0;
        for (int i = 1; right && i < source.length; i++) {
            right = source[i] > source[i - 1] && result[i] > result[i - 1];
        }
        if (!right) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "time_map must have two points or more, [source, result] in seconds, both ascending from 0, got "
                            + source.length + " points; sort them, and put [0, 0] first");
        }
        return new TimeMap(source, result, 0);
    }

    /** This map with a result {@code factor} times as long. */
    public TimeMap times(double factor) {
        return new TimeMap(source, Arrays.stream(result).map(t -> t * factor).toArray(), speed / factor);
    }

    /** One speed that goes on, so that no place depends on how long the source is; a map of points as it is. */
    TimeMap endless() {
        return speed == 0 ? this : new TimeMap(new double[] {0, speed}, new double[] {0, 1}, speed);
    }

    /**
     * What a map takes and gives.
     *
     * @param length samples of the result
     * @param points that it has
     */
    public record Extent(double length, int points) {

        /** Of its points. */
        long bytes() {
            return 2L * Double.BYTES * points;
        }
    }

    public Extent extent() {
        return new Extent(length(), source.length);
    }

    /** Samples of the result. */
    public double length() {
        return result[result.length - 1];
    }

    /** Samples of the source that are heard: those up to the last point, or all of them at one speed. */
    double heard() {
        return speed == 0 ? source[source.length - 1] : Double.POSITIVE_INFINITY;
    }

    /** How many times as fast as the source the result is, in the mean. */
    public double rate() {
        return speed == 0 ? source[source.length - 1] / length() : speed;
    }

    public boolean isIdentity() {
        return Arrays.equals(source, result);
    }

    double slope(double t) {
        int i = segment(t);
        return (source[i + 1] - source[i]) / (result[i + 1] - result[i]);
    }

    /** The sample of the source at sample {@code t} of the result. */
    double source(double t) {
        int i = segment(t);
        return source[i] + (t - result[i]) * slope(t);
    }

    private int segment(double t) {
        int found = Arrays.binarySearch(result, t);
        int at = found >= 0 ? found : -found - 2;
        return Math.max(0, Math.min(source.length - 2, at));
    }
}
