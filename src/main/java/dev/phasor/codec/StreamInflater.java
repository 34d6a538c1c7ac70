package dev.phasor.codec;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates raw deflate data from a stream, and leaves it at the first byte behind them. Through direct buffers, for the
 * reason that {@link DirectInflater} gives.
 */
final class StreamInflater extends InputStream {

    private static final int IN_BYTES = 1 << 13;
    private static final int OUT_BYTES = 1 << 16;

    private final Inflater inflater = new Inflater(true);
    private final byte[] block = new byte[IN_BYTES];
    private final ByteBuffer in = ByteBuffer.allocateDirect(IN_BYTES).limit(0);
    private final ByteBuffer out = ByteBuffer.allocateDirect(OUT_BYTES).limit(0);
    private BufferedInputStream source = new BufferedInputStream(InputStream.nullInputStream());
    private boolean ended = true;

    /** Starts with new data. */
    StreamInflater of(BufferedInputStream from) {
        source = from;
        inflater.reset();
        inflater.setInput(in.limit(0));
        out.limit(0);
        ended = false;
        return this;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        while (!out.hasRemaining()) {
            if (ended) {
                return -1;
            }
            inflate();
        }
        int given = Math.min(count, out.remaining());
        out.get(bytes, offset, given);
        return given;
    }

    private void inflate() throws IOException {
        if (inflater.needsInput()) {
            source.mark(IN_BYTES);
            int more = source.read(block, 0, IN_BYTES);
            if (more < 0) {
                throw Malformed.npz("the data end before the deflated ones do");
            }
            inflater.setInput(in.clear().put(block, 0, more).flip());
        }
        out.clear();
        try {
            inflater.inflate(out);
        } catch (DataFormatException e) {
            throw Malformed.npz("the data must be deflated");
        } finally {
            out.flip();
        }
        if (inflater.needsDictionary()) {
            throw Malformed.npz("the deflated data must need no dictionary");
        }
        if (inflater.finished()) {
            int used = in.limit() - inflater.getRemaining();
            source.reset();
            source.skipNBytes(used);
            ended = true;
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
