package dev.phasor.codec;

import java.io.IOException;

/**
 * The STREAMINFO block of a FLAC file (RFC 9639, 8.2). Its block and frame sizes are ignored, because each frame has
 * its own.
 *
 * @param sampleRate in Hz, 1..1048575
 * @param channels 1..8
 * @param bits of a sample, 4..32
 * @param frames samples per channel, or {@link AudioReader#UNKNOWN_FRAMES}
 */
record FlacStreamInfo(int sampleRate, int channels, int bits, long frames) {

    static final int MAGIC = 0x664c6143; // fLaC
    static final int SIZE = 34;

    private static final int STREAMINFO = 0;
    private static final int FORBIDDEN = 127;

    /** Reads a file from its magic up to the first frame. Other metadata blocks are skipped. */
    static FlacStreamInfo read(FlacBitReader in) throws IOException {
        in.skipBytes(Integer.BYTES); // the magic
        boolean last = in.bits(1) != 0;
        int first = (int) in.bits(7);
        if (first != STREAMINFO) {
            throw Malformed.flac("the first metadata block must be STREAMINFO, got type " + first);
        }
        FlacStreamInfo info = parse(in, (int) in.bits(24));
        while (!last) {
            last = in.bits(1) != 0;
            int type = (int) in.bits(7);
            if (type == STREAMINFO || type == FORBIDDEN) {
                throw Malformed.flac(
                        "no metadata block but the first must be STREAMINFO, nor one of type 127, got " + type);
            }
            in.skipBytes((int) in.bits(24));
        }
        return info;
    }

    private static FlacStreamInfo parse(FlacBitReader in, int size) throws IOException {
        if (size != SIZE) {
            throw Malformed.flac("STREAMINFO must have " + SIZE + " bytes, got " + size);
        }
        in.skipBytes(10); // minimum and maximum sizes of blocks and frames
        int rate = (int) in.bits(20);
        int channels = (int) in.bits(3) + 1;
        int bits = (int) in.bits(5) + 1;
        long frames = in.bits(36);
        in.skipBytes(16); // MD5 of the samples: each frame has its own checksum
        if (rate == 0) {
            throw Malformed.flac("sample rate must be in 1..1048575 Hz, got 0");
        }
        if (bits < 4) {
            throw Malformed.flac("bits of a sample must be in 4..32, got " + bits);
        }
        return new FlacStreamInfo(rate, channels, bits, frames == 0 ? AudioReader.UNKNOWN_FRAMES : frames);
    }
}
