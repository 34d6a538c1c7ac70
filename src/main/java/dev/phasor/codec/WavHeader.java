package dev.phasor.codec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the chunks of a RIFF, RF64 or BW64 file (EBU Tech 3306) up to the first byte of its samples. Other chunks are
 * skipped. The file size in the RIFF header is ignored: writers to pipes cannot know it, and only the size of the data
 * chunk matters.
 */
final class WavHeader {

    private static final long UNKNOWN_SIZE = 0xffffffffL;

    /** The least that a program writes for a size that it does not know: sox, arecord and ffmpeg each another one. */
    private static final long LEAST_UNKNOWN = 0x7ffff000L;

    private static final int DS64_SIZE = 28;

    private static final Pattern BEGINNING = Pattern.compile("(RIFF|RF64|BW64)....WAVE", Pattern.DOTALL);

    private final InputStream in;
    private @Nullable WavFormat format;
    private long size64 = UNKNOWN_SIZE;

    private WavHeader(InputStream in) {
        this.in = in;
    }

    static WavFormat read(InputStream in) throws IOException {
        return new WavHeader(in).read();
    }

    private WavFormat read() throws IOException {
        byte[] head = in.readNBytes(FirstBytes.COUNT);
        if (!BEGINNING.matcher(new String(head, StandardCharsets.ISO_8859_1)).lookingAt()) {
            throw Malformed.wav("must begin with RIFF, RF64 or BW64, and WAVE, got " + FirstBytes.name(head));
        }
        while (true) {
            ByteBuffer chunk = take("chunk header", 8, 8);
            String id = id(chunk, 0);
            long size = chunk.getInt(4) & 0xffffffffL;
            switch (id) {
                case "data" -> {
                    return withFrames(size);
                }
                case "fmt " -> readFormat(size);
                case "ds64" -> readSize64(size);
                default -> skip("chunk", size, size + (size & 1));
            }
        }
    }

    private void readFormat(long size) throws IOException {
        if (format != null) {
            throw Malformed.wav("there must be one fmt chunk, got a second");
        }
        if (size < WavFmtChunk.PLAIN_SIZE) {
            throw Malformed.wav("fmt chunk must have at least " + WavFmtChunk.PLAIN_SIZE + " bytes, got " + size);
        }
        int known = (int) Math.min(size, WavFmtChunk.EXTENSIBLE_SIZE);
        format = WavFmtChunk.parse(take("fmt chunk", size, known));
        skip("fmt chunk", size, size + (size & 1) - known);
    }

    private void readSize64(long size) throws IOException {
        if (size < DS64_SIZE) {
            throw Malformed.wav("ds64 chunk must have at least " + DS64_SIZE + " bytes, got " + size);
        }
        size64 = take("ds64 chunk", size, DS64_SIZE).getLong(8);
        skip("ds64 chunk", size, size + (size & 1) - DS64_SIZE);
    }

    private WavFormat withFrames(long size) {
        WavFormat known = format;
        if (known == null) {
            throw Malformed.wav("the fmt chunk must come before the data chunk");
        }
        boolean large = size == UNKNOWN_SIZE && size64 != UNKNOWN_SIZE;
        long bytes = large ? size64 : size;
        if (bytes == 0 || bytes == -1 || !large && bytes >= LEAST_UNKNOWN) {
            return known;
        }
        if (bytes < 0 || bytes % known.frameBytes() != 0) {
            throw Malformed.wav("data size must be a multiple of the frame's " + known.frameBytes() + " bytes, got "
                    + Long.toUnsignedString(bytes));
        }
        return new WavFormat(known.sampleRate(), known.channels(), known.coding(), bytes / known.frameBytes());
    }

    /** The first {@code count} bytes of a part that declares {@code declared} bytes. */
    private ByteBuffer take(String what, long declared, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw truncated(what, declared, bytes.length);
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Reads bytes instead of skipping them: a file stream's skip does not report the end. */
    private void skip(String what, long declared, long count) throws IOException {
        byte[] scratch = new byte[(int) Math.min(count, 8192)];
        for (long left = count; left > 0; ) {
            int read = in.readNBytes(scratch, 0, (int) Math.min(left, scratch.length));
            if (read == 0) {
                throw truncated(what, declared, count - left);
            }
            left -= read;
        }
    }

    private RuntimeException truncated(String what, long declared, long present) {
        return Malformed.wav((format == null ? "no fmt chunk before the end: " : "no data chunk before the end: ")
                + what + " declares " + declared + " bytes, " + present + " present");
    }

    private static String id(ByteBuffer buffer, int at) {
        byte[] id = new byte[4];
        buffer.get(at, id);
        return new String(id, StandardCharsets.ISO_8859_1);
    }
}
