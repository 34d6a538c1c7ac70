package dev.phasor.phase;

import static dev.phasor.signal.VectorLanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link SafeAtan2#angle} for vectors of floats, without branches, within 1.7 ulp of the exact angle.
 *
 * <p>t, the smaller part divided by the larger, is in [0, 1], and atan(t) = t + t s P(s) with s = t^2. The octant
 * selects the multiple of pi/2 that is added, and the angle has im's sign.
 */
final class VectorAtan2 {

    // Constants are broadcast once, and nothing is converted twice. Where a loop has too many nodes, the compiler stops
    // inlining: the vectors of its last lines become objects, and how many nodes it has depends on what else the
    // process
    // has done with vectors.
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
    private static final IntVector ONE_BITS = IntVector.broadcast(INTS, Float.floatToRawIntBits(1));
    private static final IntVector REST = IntVector.broadcast(INTS, 0x7fffffff);
    private static final IntVector SMALLEST = IntVector.broadcast(INTS, Float.floatToRawIntBits(Float.MIN_VALUE));
    private static final IntVector INFINITY =
            IntVector.broadcast(INTS, Float.floatToRawIntBits(Float.POSITIVE_INFINITY));

    private VectorAtan2() {}

    /**
     * phase[at + i] = atan2(im[imAt + i], re[reAt + i]), i = 0..count - 1. The loop is in this method because the
     * compiler may not inline such a long method, and a vector that leaves its method becomes an object.
     *
     * @param count a multiple of the lane count
     */
    static void angle(float[] im, int imAt, float[] re, int reAt, float[] phase, int at, int count) {
        for (int i = 0; i < count; i += FLOATS.length()) {
            IntVector signedY = FloatVector.fromArray(FLOATS, im, imAt + i).reinterpretAsInts();
            IntVector signedX = FloatVector.fromArray(FLOATS, re, reAt + i).reinterpretAsInts();
            // Absolute values as integers: their bits order like the values, with NaN last. An integer comparison
            // takes one instruction, a float comparison ten.
            IntVector y = signedY.and(REST);
            IntVector x = signedX.and(REST);
            IntVector lesser = y.min(x);
            IntVector larger = y.max(x);
            // Chosen before the division: 0/0 becomes 0, and Inf/Inf becomes 1 (the diagonal).
            FloatVector quotient =
                    lesser.reinterpretAsFloats().div(larger.max(SMALLEST).reinterpretAsFloats());
            FloatVector t = quotient.blend(
                    ONE, lesser.eq(INFINITY).and(larger.eq(INFINITY)).cast(FLOATS));

            // The angle is k pi/2 +- atan(t): k = 0 or 2 near the real axis, 1 near the imaginary axis.
            FloatVector right = signedX.and(SIGN).or(ONE_BITS).reinterpretAsFloats();
            FloatVector steep = ZERO.blend(right, x.lt(y).cast(FLOATS));
            FloatVector even = right.sub(steep);
            FloatVector k = ONE.sub(even);
            FloatVector turned = even.sub(steep).mul(t);

            FloatVector s = t.mul(t);
            FloatVector high = P8.fma(s, P7).fma(s, P6).fma(s, P5).fma(s, P4);
            FloatVector p = high.fma(s, P3).fma(s, P2).fma(s, P1).fma(s, P0);
            // k pi/2 +- t is nearly exact; all small terms are added last, with one rounding.
            FloatVector bend = p.mul(s).fma(turned, k.mul(HALF_PI_REST));
            FloatVector angle = k.fma(HALF_PI, turned).add(bend);
            // Signs are moved as bits, since zeros have them too.
            angle.reinterpretAsInts()
                    .or(signedY.and(SIGN))
                    .reinterpretAsFloats()
                    .intoArray(phase, at + i);
        }
    }
}
