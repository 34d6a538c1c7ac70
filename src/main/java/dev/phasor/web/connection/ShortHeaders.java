package dev.phasor.web.connection;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;

/**
 * Limits the headers of gzip members. A name or comment in a header ends with a zero byte, and the decoder would hold
 * an endless one in memory. The decoder reads headers byte by byte and everything else in blocks.
 */
final class ShortHeaders extends BufferedInputStream {

    /** Bytes of the longest header: two texts of the longest path, and the fields of fixed length. */
    private static final int LONGEST = 1 << 14;

    private int oneByOne;

    ShortHeaders(InputStream in, int bufferBytes) {
        super(in, bufferBytes);
    }

    @Override
    public synchronized int read() throws IOException {
        if (++oneByOne > LONGEST) {
            throw new ZipException("the header of a gzip member must be at most " + LONGEST + " bytes, got more");
        }
        return super.read();
    }

    @Override
    public synchronized int read(byte[] bytes, int offset, int count) throws IOException {
        oneByOne = 0;
        return super.read(bytes, offset, count);
    }
}
