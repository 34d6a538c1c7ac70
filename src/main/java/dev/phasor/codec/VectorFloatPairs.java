package dev.phasor.codec;

import static dev.phasor.signal.VectorLanes.FLOATS;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** {@link FloatPairs} in SIMD lanes. Load this class only if {@link dev.phasor.signal.VectorModule} is present. */
final class VectorFloatPairs {

    /** A call moves a multiple of so many pairs: two vectors. */
    static final int COUNT = FLOATS.length();

    private static final VectorSpecies<Byte> BYTES = VectorSpecies.of(byte.class, FLOATS.vectorShape());
    private static final int HALF = COUNT / 2;

    private static final VectorShuffle<Float> REAL = VectorShuffle.fromOp(FLOATS, lane -> lane % HALF * 2);
    private static final VectorShuffle<Float> IMAGINARY = VectorShuffle.fromOp(FLOATS, lane -> lane % HALF * 2 + 1);
    private static final VectorMask<Float> UPPER = VectorMask.fromLong(FLOATS, -1L << HALF);

    private static final VectorShuffle<Float> LOW_TWICE = VectorShuffle.fromOp(FLOATS, lane -> lane / 2);
    private static final VectorShuffle<Float> HIGH_TWICE = VectorShuffle.fromOp(FLOATS, lane -> HALF + lane / 2);
    private static final VectorMask<Float> ODD = VectorMask.fromLong(FLOATS, 0xaaaa_aaaa_aaaa_aaaaL);

    private VectorFloatPairs() {}

    /** @return whether all are finite: 0 times a finite value is 0, else NaN */
    static boolean split(byte[] bytes, int count, float[] re, float[] im, int offset) {
        FloatVector zeros = FloatVector.zero(FLOATS);
        for (int i = 0; i < count; i += COUNT) {
            FloatVector first = floats(bytes, 2 * Float.BYTES * i);
            FloatVector second = floats(bytes, 2 * Float.BYTES * i + BYTES.length());
            zeros = zeros.add(first.mul(0)).add(second.mul(0));
            first.rearrange(REAL).blend(second.rearrange(REAL), UPPER).intoArray(re, offset + i);
            first.rearrange(IMAGINARY).blend(second.rearrange(IMAGINARY), UPPER).intoArray(im, offset + i);
        }
        return zeros.reduceLanes(VectorOperators.ADD) == 0;
    }

    /** Lanes of bytes are little-endian on every machine. */
    private static FloatVector floats(byte[] bytes, int at) {
        return ByteVector.fromArray(BYTES, bytes, at).reinterpretAsFloats();
    }

    static void join(float[] re, float[] im, int offset, int count, byte[] bytes) {
        for (int i = 0; i < count; i += COUNT) {
            FloatVector real = FloatVector.fromArray(FLOATS, re, offset + i);
            FloatVector imaginary = FloatVector.fromArray(FLOATS, im, offset + i);
            int at = 2 * Float.BYTES * i;
            real.rearrange(LOW_TWICE)
                    .blend(imaginary.rearrange(LOW_TWICE), ODD)
                    .reinterpretAsBytes()
                    .intoArray(bytes, at);
            real.rearrange(HIGH_TWICE)
                    .blend(imaginary.rearrange(HIGH_TWICE), ODD)
                    .reinterpretAsBytes()
                    .intoArray(bytes, at + BYTES.length());
        }
    }
}
