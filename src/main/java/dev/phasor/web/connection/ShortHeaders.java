package dev.phasor.web.connection;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.ZipException;

/**
 * A gzip file whose members' headers are short. Names and comments in them end with a zero byte, and whoever sends none
 * would have them held for as long as bytes come. The decoder reads headers byte by byte and everything else by blocks.
 */
final class ShortHeaders extends BufferedInputStream {

    /** Two texts of the longest path, and what is of fixed length. */
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
