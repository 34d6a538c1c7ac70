package dev.phasor.web.guard;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;

/**
 * Turns at what takes a core outside the compute pool: inflating bodies, and writing numbers as text. So many threads do it at once,
 * half of the cores, however many requests there are; a thread that waits for its client lets others go on.
 */
public final class Turns {

    private final Semaphore free =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

    /** Makes a stream of decoded bytes from one of encoded ones. */
    @FunctionalInterface
    public interface Decoder {
        InputStream decode(InputStream in) throws IOException;
    }

    /** Writes all there is. */
    @FunctionalInterface
    public interface Writer {
        void write(OutputStream out) throws IOException;
    }

    /** A stream that decodes in turns. */
    public InputStream decode(InputStream in, Decoder decoder) throws IOException {
        free.acquireUninterruptibly();
        try {
            return new Decoded(decoder.decode(new Encoded(in)));
        } finally {
            free.release();
        }
    }

    /** Writes in turns. */
    public void write(OutputStream out, Writer writer) throws IOException {
        free.acquireUninterruptibly();
        try {
            writer.write(new Written(out));
        } finally {
            free.release();
        }
    }

    private final class Decoded extends FilterInputStream {

        Decoded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            free.acquireUninterruptibly();
            try {
                return super.read(bytes, offset, count);
            } finally {
                free.release();
            }
        }

        @Override
        public long skip(long count) throws IOException {
            free.acquireUninterruptibly();
            try {
                return super.skip(count);
            } finally {
                free.release();
            }
        }
    }

    /** Read by who has a turn, and gives it away meanwhile. */
    private final class Encoded extends FilterInputStream {

        Encoded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            free.release();
            try {
                return super.read();
            } finally {
                free.acquireUninterruptibly();
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            free.release();
            try {
                return super.read(bytes, offset, count);
            } finally {
                free.acquireUninterruptibly();
            }
        }
    }

    /** Written by who has a turn, and gives it away meanwhile. */
    private final class Written extends FilterOutputStream {

        Written(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            free.release();
            try {
                out.write(bytes, offset, count);
            } finally {
                free.acquireUninterruptibly();
            }
        }

        @Override
        public void flush() throws IOException {
            free.release();
            try {
                out.flush();
            } finally {
                free.acquireUninterruptibly();
            }
        }
    }
}
