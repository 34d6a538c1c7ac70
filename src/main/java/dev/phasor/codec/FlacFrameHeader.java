package dev.phasor.codec;

import java.io.IOException;

/**
 * A frame's header (RFC 9639, 9.1): its block size and the coding of its channels. Rate, channels and bits must equal
 * the stream's. The frame's number only enters the checksum.
 *
 * @param blockSize samples per channel, 1..65536
 */
record FlacFrameHeader(int blockSize, Stereo stereo) {

    /** The content of the two subframes of a stereo frame. */
    enum Stereo {
        INDEPENDENT,
        LEFT_SIDE,
        SIDE_RIGHT,
        MID_SIDE;

        /** Whether a channel is the difference of two channels, whose samples have one bit more. */
        boolean isSide(int channel) {
            return this == SIDE_RIGHT ? channel == 0 : this != INDEPENDENT && channel == 1;
        }
    }

    static final int SYNC = 0x3ffe;

    /** Sample rates in Hz by their code. */
    static final int[] RATES = {0, 88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000};

    /** Bits of a sample by their code: 0 means the stream's bits, -1 is reserved. */
    static final int[] BITS = {0, 8, 12, -1, 16, 20, 24, 32};

    static FlacFrameHeader read(FlacBitReader in, FlacStreamInfo info) throws IOException {
        Octets octets = new Octets(in);
        int sync = octets.next() << 8 | octets.next();
        if (sync >> 2 != SYNC || (sync & 2) != 0) {
            throw Malformed.flac("a frame must begin with its sync code, got " + Integer.toHexString(sync));
        }
        int sizes = octets.next();
        int samples = octets.next();
        octets.skipNumber();
        int blockSize = blockSize(sizes >> 4, octets);
        require("sample rate of a frame", rate(sizes & 15, octets, info), info.sampleRate());
        int bits = BITS[samples >> 1 & 7];
        require("bits of a frame's samples", bits == 0 ? info.bits() : bits, info.bits());
        int assignment = samples >> 4;
        if (assignment > 10 || (samples & 1) != 0) {
            throw Malformed.flac("reserved bits of a frame must be 0, got " + Integer.toHexString(samples));
        }
        require("channels of a frame", assignment < 8 ? assignment + 1 : 2, info.channels());
        int crc = octets.crc;
        if (octets.next() != crc) {
            throw Malformed.flac("the checksum of a frame's header must be that of its bytes");
        }
        return new FlacFrameHeader(blockSize, Stereo.values()[Math.max(0, assignment - 7)]);
    }

    private static int blockSize(int code, Octets octets) throws IOException {
        return switch (code) {
            case 0 -> throw Malformed.flac("block size code must not be 0, which is reserved");
            case 1 -> 192;
            case 2, 3, 4, 5 -> 144 << code;
            case 6 -> octets.next() + 1;
            case 7 -> octets.next16() + 1;
            default -> 1 << code;
        };
    }

    private static int rate(int code, Octets octets, FlacStreamInfo info) throws IOException {
        return switch (code) {
            case 0 -> info.sampleRate();
            case 12 -> octets.next() * 1000;
            case 13 -> octets.next16();
            case 14 -> octets.next16() * 10;
            case 15 -> throw Malformed.flac("sample rate code must not be 15, which is forbidden");
            default -> RATES[code];
        };
    }

    private static void require(String what, int actual, int stream) {
        if (actual != stream) {
            throw Malformed.flac(what + " must be the stream's " + stream + ", got " + actual);
        }
    }

    /** Bytes and their CRC-8. */
    private static final class Octets {

        private final FlacBitReader in;
        private int crc;

        Octets(FlacBitReader in) {
            this.in = in;
        }

        int next() throws IOException {
            int octet = (int) in.bits(8);
            crc = FlacCrc.crc8(crc, octet);
            return octet;
        }

        int next16() throws IOException {
            return next() << 8 | next();
        }

        /** Skips a number of up to 36 bits in the coding of UTF-8. */
        void skipNumber() throws IOException {
            int first = next();
            int more = Integer.numberOfLeadingZeros(~(first << 24)) - 1; // -1: the byte is the whole number
            if (more == 0 || more > 6) {
                throw Malformed.flac("the number of a frame must be coded as UTF-8 is");
            }
            for (int i = 0; i < more; i++) {
                if (next() >> 6 != 2) {
                    throw Malformed.flac("the number of a frame must be coded as UTF-8 is");
                }
            }
        }
    }
}
