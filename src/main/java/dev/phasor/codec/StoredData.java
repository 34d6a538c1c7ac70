package dev.phasor.codec;

import java.io.IOException;
import java.io.InputStream;

/** The data of a stored entry: so many of the next bytes of a stream. */
final class StoredData extends InputStream {

    private final InputStream in;
    private long left;
    private boolean cut;

    StoredData(InputStream in, long size) {
        this.in = in;
        left = size;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        if (left <= 0) {
            return -1;
        }
        int got = in.read(bytes, offset, (int) Math.min(count, left));
        cut = got < 0;
        left -= Math.max(0, got);
        return got;
    }

    /** Whether the stream has ended before the data. */
    boolean isCut() {
        return cut;
    }
}
