package dev.phasor.codec;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Inflates raw deflate data from an array, through direct buffers. The JDK's InflaterInputStream passes heap arrays to
 * native code, which blocks the garbage collector meanwhile. With a hundred such threads a JVM before version 22 can
 * throw OutOfMemoryError although memory is free (JEP 423).
 */
final class DirectInflater extends InputStream {

    private static final int IN_BYTES = 1 << 13;
    private static final int OUT_BYTES = 1 << 16;

    private final Inflater inflater = new Inflater(true);
    private final ByteBuffer in = ByteBuffer.allocateDirect(IN_BYTES);
    private final ByteBuffer out = ByteBuffer.allocateDirect(OUT_BYTES).limit(0);
    private byte[] data = new byte[0];
    private int at;
    private int end;

    /** Starts with new data. The buffers are reused for all entries of a file. */
    DirectInflater of(byte[] bytes, int offset, int count) {
        data = bytes;
        at = offset;
        end = offset + count;
        inflater.reset();
        inflater.setInput(in.limit(0));
        out.limit(0);
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
            if (inflater.finished()) {
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
            int more = Math.min(IN_BYTES, end - at);
            if (more == 0) {
                throw new EOFException("the data end before the deflate stream does");
            }
            inflater.setInput(in.clear().put(data, at, more).flip());
            at += more;
        }
        out.clear();
        try {
            inflater.inflate(out);
        } catch (DataFormatException e) {
            throw (IOException) new ZipException(e.getMessage()).initCause(e);
        } finally {
            out.flip();
        }
        if (inflater.needsDictionary()) {
            throw new ZipException("the deflate stream needs a dictionary");
        }
    }

    @Override
    public void close() {
        inflater.end();
    }
}
