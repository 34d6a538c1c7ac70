package dev.phasor.phase;

import static dev.phasor.signal.VectorLanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link SafeAtan2#angle} for vectors of floats, without a branch: at most 1.7 ulp from the exact angle.
 *
 * <p>The quotient t of the smaller by the larger part lies in [0, 1]; atan(t) = t + t s P(s) with s = t^2. The octant
 * then says which multiple of pi/2 the angle is counted from, and the sign of im is the angle's.
 */
final class VectorAtan2 {

    // Broadcast once, here: the compiler gives up on inlining where every use does it again.
    private static final FloatVector ZERO = FloatVector.zero(FLOATS);
    private static final FloatVector ONE = ZERO.add(1);
    private static final FloatVector HALF_PI = ZERO.add(AtanSeries.HALF_PI);
    private static final FloatVector HALF_PI_REST = ZERO.add(AtanSeries.HALF_PI_REST);
    private static final FloatVector P0 = ZERO.add(AtanSeries.P0);
    private static final FloatVector P1 = ZERO.add(AtanSeries.P1);
    private static final FloatVector P2 = ZERO.add(AtanSeries.P2);
    private static final FloatVector P3 = ZERO.add(AtanSeries.P3);
    private static final FloatVector P4 = ZERO.add(AtanSeries.P4);
    private static final FloatVector P5 = ZERO.add(AtanSeries.P5);
    private static final FloatVector P6 = ZERO.add(AtanSeries.P6);
    private static final FloatVector P7 = ZERO.add(AtanSeries.P7);
    private static final FloatVector P8 = ZERO.add(AtanSeries.P8);
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
    private static final IntVector SIGN = IntVector.broadcast(INTS, 0x80000000);
    private static final IntVector REST = IntVector.broadcast(INTS, 0x7fffffff);
    private static final IntVector SMALLEST = IntVector.broadcast(INTS, Float.floatToRawIntBits(Float.MIN_VALUE));
    private static final IntVector INFINITY =
            IntVector.broadcast(INTS, Float.floatToRawIntBits(Float.POSITIVE_INFINITY));

    private VectorAtan2() {}

    /**
     * phase[i] = atan2(im[i], re[i]), i = from..to - 1. The loop stands here because the compiler may refuse to inline
     * so long a method, and a vector that leaves its method becomes an object.
     *
     * @param to {@code from} and a multiple of the lanes
     */
    static void angle(float[] im, float[] re, float[] phase, int from, int to) {
        for (int i = from; i < to; i += FLOATS.length()) {
            FloatVector signedY = FloatVector.fromArray(FLOATS, im, i);
            FloatVector signedX = FloatVector.fromArray(FLOATS, re, i);
            // Magnitudes by their bits: ordered as their values are, NaN above all, and one instruction each where that
            // of floats is ten.
            IntVector y = signedY.reinterpretAsInts().and(REST);
            IntVector x = signedX.reinterpretAsInts().and(REST);
            IntVector lesser = y.min(x);
            IntVector larger = y.max(x);
            // Chosen before dividing: 0/0 becomes 0, and Inf/Inf is 1, the diagonal.
            FloatVector quotient =
                    lesser.reinterpretAsFloats().div(larger.max(SMALLEST).reinterpretAsFloats());
            FloatVector t = quotient.blend(
                    ONE, lesser.eq(INFINITY).and(larger.eq(INFINITY)).cast(FLOATS));

            // The angle is k pi/2 +- atan(t): k = 0 or 2 near the real axis, 1 near the imaginary one.
            FloatVector right = withSignOf(signedX, ONE);
            FloatVector steep = ZERO.blend(right, x.lt(y).cast(FLOATS));
            FloatVector k = ONE.sub(right).add(steep);
            FloatVector turned = right.sub(steep).sub(steep).mul(t);

            FloatVector s = t.mul(t);
            FloatVector high = P8.fma(s, P7).fma(s, P6).fma(s, P5).fma(s, P4);
            FloatVector p = high.fma(s, P3).fma(s, P2).fma(s, P1).fma(s, P0);
            // k pi/2 +- t is nearly exact; everything small is added last, so that it is rounded once.
            FloatVector bend = p.mul(s).fma(turned, k.mul(HALF_PI_REST));
            FloatVector angle = k.fma(HALF_PI, turned).add(bend);
            withSignOf(signedY, angle).intoArray(phase, i);
        }
    }

    /** A number >= 0 with the sign of another, that of its zeros included. */
    private static FloatVector withSignOf(FloatVector sign, FloatVector number) {
        return number.reinterpretAsInts().or(sign.reinterpretAsInts().and(SIGN)).reinterpretAsFloats();
    }
}
