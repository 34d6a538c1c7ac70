package dev.phasor.codec;

import java.nio.ByteBuffer;

/** The "fmt " chunk: rate, channels and coding, in the plain form or as WAVE_FORMAT_EXTENSIBLE. */
final class WavFmtChunk {

    static final int PCM = 1;
    static final int IEEE_FLOAT = 3;
    static final int A_LAW = 6;
    static final int MU_LAW = 7;
    static final int EXTENSIBLE = 0xfffe;

    static final int PLAIN_SIZE = 16;
    static final int EXTENSIBLE_SIZE = 40;

    /** Bytes 2 to 15 of every sub-format GUID that only wraps a format tag: xxxx0000-0000-1000-8000-00aa00389b71. */
    static final byte[] GUID_TAIL = {0, 0, 0, 0, 0x10, 0, (byte) 0x80, 0, 0, (byte) 0xaa, 0, 0x38, (byte) 0x9b, 0x71};

    private WavFmtChunk() {}

    /**
     * Parses the chunk. The byte rate is ignored: many writers get it wrong, and the other fields imply it.
     *
     * @param chunk at least {@link #PLAIN_SIZE} bytes, little-endian
     * @return the format, with {@code frames} unknown
     */
    static WavFormat parse(ByteBuffer chunk) {
        int tag = chunk.getShort(0) & 0xffff;
        int channels = chunk.getShort(2) & 0xffff;
        long rate = chunk.getInt(4) & 0xffffffffL;
        int blockAlign = chunk.getShort(12) & 0xffff;
        int bits = chunk.getShort(14) & 0xffff;
        if (channels == 0) {
            throw Malformed.wav("channels must be >= 1, got 0");
        }
        if (rate == 0 || rate > Integer.MAX_VALUE) {
            throw Malformed.wav("sample rate must be in 1.." + Integer.MAX_VALUE + " Hz, got " + rate);
        }
        WavCoding coding = coding(tag == EXTENSIBLE ? subFormat(chunk, bits) : tag, bits);
        if (blockAlign != channels * coding.bytes()) {
            throw Malformed.wav("block align must be " + channels * coding.bytes() + " for " + channels
                    + " channels of " + bits + " bits, got " + blockAlign);
        }
        return new WavFormat((int) rate, channels, coding, WavFormat.UNKNOWN_FRAMES);
    }

    private static int subFormat(ByteBuffer chunk, int bits) {
        if (chunk.limit() < EXTENSIBLE_SIZE) {
            throw Malformed.wav(
                    "an extensible fmt chunk must have " + EXTENSIBLE_SIZE + " bytes, got " + chunk.limit());
        }
        // Valid bits are the container's most significant bits, so the container's full scale applies to them.
        int validBits = chunk.getShort(18) & 0xffff;
        if (validBits > bits) {
            throw Malformed.wav("valid bits must be at most the container's " + bits + ", got " + validBits);
        }
        for (int i = 0; i < GUID_TAIL.length; i++) {
            if (chunk.get(26 + i) != GUID_TAIL[i]) {
                throw Malformed.wav("sub-format GUID must be that of a PCM, float, A-law or mu-law format");
            }
        }
        return chunk.getShort(24) & 0xffff;
    }

    private static WavCoding coding(int tag, int bits) {
        return switch (tag) {
            case PCM -> pcm(bits);
            case IEEE_FLOAT ->
                switch (bits) {
                    case 32 -> WavCoding.FLOAT_32;
                    case 64 -> WavCoding.FLOAT_64;
                    default -> throw Malformed.wav("bits of a float sample must be 32 or 64, got " + bits);
                };
            case A_LAW -> companded(WavCoding.A_LAW, bits);
            case MU_LAW -> companded(WavCoding.MU_LAW, bits);
            default -> throw Malformed.wav("format must be 1 (PCM), 3 (float), 6 (A-law) or 7 (mu-law), got " + tag);
        };
    }

    /**
     * The coding of a PCM sample. Bits that are no multiple of 8, such as 12, are left-justified in the next whole
     * bytes.
     */
    private static WavCoding pcm(int bits) {
        return switch ((bits + 7) / 8) {
            case 1 -> WavCoding.PCM_8;
            case 2 -> WavCoding.PCM_16;
            case 3 -> WavCoding.PCM_24;
            case 4 -> WavCoding.PCM_32;
            default -> throw Malformed.wav("bits of a PCM sample must be in 1..32, got " + bits);
        };
    }

    private static WavCoding companded(WavCoding coding, int bits) {
        if (bits != 8) {
            throw Malformed.wav("bits of a companded sample must be 8, got " + bits);
        }
        return coding;
    }
}
