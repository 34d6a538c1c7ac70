package dev.phasor.codec;

/** The two companding laws of ITU-T G.711, as tables from a code byte to a sample in (-1, 1). */
final class Companding {

    static final float[] MU_LAW = new float[256];
    static final float[] A_LAW = new float[256];

    static {
        for (int code = 0; code < 256; code++) {
            MU_LAW[code] = muLaw(code) * 0x1p-15f;
            A_LAW[code] = aLaw(code) * 0x1p-15f;
        }
    }

    private Companding() {}

    /** 14-bit linear value, left-justified in 16 bits; all bits of the code are inverted on the line. */
    private static int muLaw(int code) {
        int bits = ~code;
        int segment = bits >> 4 & 7;
        int magnitude = (((bits & 15) << 3) + 0x84) << segment;
        return (bits & 0x80) != 0 ? 0x84 - magnitude : magnitude - 0x84;
    }

    /** 13-bit linear value, left-justified in 16 bits; the even bits of the code are inverted on the line. */
    private static int aLaw(int code) {
        int bits = code ^ 0x55;
        int segment = bits >> 4 & 7;
        int step = ((bits & 15) << 4) + 8;
        int magnitude = segment == 0 ? step : (step + 0x100) << (segment - 1);
        return (bits & 0x80) != 0 ? magnitude : -magnitude;
    }
}
