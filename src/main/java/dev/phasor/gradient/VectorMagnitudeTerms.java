package dev.phasor.gradient;

import static dev.phasor.signal.VectorLanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link MagnitudeTerms} in SIMD lanes. Load this class only if the module {@code jdk.incubator.vector} is present. The
 * logarithms of a block are one of a product: the mantissas of numerators and denominators are multiplied, their
 * exponents added.
 */
final class VectorMagnitudeTerms {

    private static final int COUNT = FLOATS.length();
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

    /** Bins of a lane whose terms are summed in float; a product of as many mantissas is below 2^64. */
    private static final int BLOCK = 64 * COUNT;

    private static final int EXPONENT = 23;
    private static final int MANTISSA = (1 << EXPONENT) - 1;
    private static final double LOG_2 = Math.log(2);

    private VectorMagnitudeTerms() {}

    /**
     * {@link MagnitudeTerms#take} with scale 1.
     *
     * @param to {@code from} plus a multiple of the lanes
     */
    static void take(
            MagnitudeTerms terms, float[] re, float[] im, float[] targetRe, float[] targetIm, int from, int to) {
        FloatVector zero = FloatVector.zero(FLOATS);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        FloatVector floor = FloatVector.broadcast(FLOATS, (float) MagnitudeTerms.POWER_FLOOR);
        IntVector mantissa = IntVector.broadcast(INTS, MANTISSA);
        IntVector ofOne = one.reinterpretAsInts();
        for (int block = from; block < to; block += BLOCK) {
            FloatVector squares = zero;
            FloatVector targetSquares = zero;
            FloatVector numerators = one;
            FloatVector denominators = one;
            IntVector exponents = IntVector.zero(INTS);
            int end = Math.min(to, block + BLOCK);
            for (int i = block; i < end; i += COUNT) {
                FloatVector x = FloatVector.fromArray(FLOATS, re, i);
                FloatVector y = FloatVector.fromArray(FLOATS, im, i);
                FloatVector u = FloatVector.fromArray(FLOATS, targetRe, i);
                FloatVector v = FloatVector.fromArray(FLOATS, targetIm, i);
                FloatVector power = x.mul(x).add(y.mul(y)).max(floor);
                FloatVector targetPower = u.mul(u).add(v.mul(v)).max(floor);
                targetSquares = targetSquares.add(targetPower);
                // 1 - T/S, which is 0 at the target
                FloatVector gain = one.sub(targetPower.div(power).lanewise(VectorOperators.SQRT));
                squares = squares.add(power.mul(gain).mul(gain));

                IntVector larger = power.max(targetPower).reinterpretAsInts();
                IntVector smaller = power.min(targetPower).reinterpretAsInts();
                numerators = numerators.mul(larger.and(mantissa).or(ofOne).reinterpretAsFloats());
                denominators = denominators.mul(smaller.and(mantissa).or(ofOne).reinterpretAsFloats());
                exponents = exponents.add(larger.lanewise(VectorOperators.LSHR, EXPONENT)
                        .sub(smaller.lanewise(VectorOperators.LSHR, EXPONENT)));

                VectorMask<Float> clamped = power.compare(VectorOperators.EQ, floor);
                FloatVector convergence = gain.blend(zero, clamped);
                FloatVector inverse = one.div(power);
                FloatVector distance = inverse.blend(zero.sub(inverse), power.compare(VectorOperators.LT, targetPower))
                        .blend(zero, clamped)
                        .blend(zero, power.compare(VectorOperators.EQ, targetPower));
                x.mul(convergence).intoArray(re, i);
                y.mul(convergence).intoArray(im, i);
                x.mul(distance).intoArray(targetRe, i);
                y.mul(distance).intoArray(targetIm, i);
            }
            add(terms, squares.toArray(), targetSquares.toArray());
            terms.logarithms += logarithms(numerators.toArray(), denominators.toArray(), exponents.toArray());
        }
    }

    /** In double and in the lanes' order: the library's reduction may use another order in compiled code. */
    private static void add(MagnitudeTerms terms, float[] squares, float[] targetSquares) {
        for (int lane = 0; lane < COUNT; lane++) {
            terms.squares += squares[lane];
            terms.targetSquares += targetSquares[lane];
        }
    }

    private static double logarithms(float[] numerators, float[] denominators, int[] exponents) {
        double product = 1;
        int exponent = 0;
        for (int lane = 0; lane < COUNT; lane++) {
            product *= (double) numerators[lane] / denominators[lane];
            exponent += exponents[lane];
        }
        return Math.log(product) + exponent * LOG_2;
    }
}
