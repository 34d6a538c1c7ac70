package dev.phasor.codec;

/** IEEE 754 binary16, which Java 17 does not support. */
final class Float16 {

    private Float16() {}

    /** Converts exactly: every half is a float. */
    static float toFloat(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            float subnormal = fraction * 0x1p-24f;
            return sign < 0 ? -subnormal : subnormal;
        }
        int rebiased = exponent == 0x1f ? 0xff : exponent + 112;
        return Float.intBitsToFloat(sign | rebiased << 23 | fraction << 13);
    }
}
