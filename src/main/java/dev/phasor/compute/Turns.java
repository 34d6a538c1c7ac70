package dev.phasor.compute;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;

/**
 * Turns at what takes a core outside the compute pool: inflating bodies, and writing numbers as text. So many threads
 * do it at once, half of the cores, however many requests there are; a thread that waits for its client lets others go
 * on.
 */
public final class Turns {

    private static final Semaphore FREE =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

    private Turns() {}

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
    public static InputStream decode(InputStream in, Decoder decoder) throws IOException {
        FREE.acquireUninterruptibly();
        try {
            return new Decoded(decoder.decode(new Encoded(in)));
        } finally {
            FREE.release();
        }
    }

    /** Writes in turns. */
    public static void write(OutputStream out, Writer writer) throws IOException {
        FREE.acquireUninterruptibly();
        try {
            writer.write(new Written(out));
        } finally {
            FREE.release();
        }
    }

    private static final class Decoded extends FilterInputStream {

        Decoded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            FREE.acquireUninterruptibly();
            try {
                return super.read();
            } finally {
                FREE.release();
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            FREE.acquireUninterruptibly();
            try {
                return super.read(bytes, offset, count);
            } finally {
                FREE.release();
            }
        }

        @Override
        public long skip(long count) throws IOException {
            FREE.acquireUninterruptibly();
            try {
                return super.skip(count);
            } finally {
                FREE.release();
            }
        }
    }

    /** Read by who has a turn, and gives it away meanwhile. */
    private static final class Encoded extends FilterInputStream {

        Encoded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            FREE.release();
            try {
                return super.read();
            } finally {
                FREE.acquireUninterruptibly();
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            FREE.release();
            try {
                return super.read(bytes, offset, count);
            } finally {
                FREE.acquireUninterruptibly();
            }
        }
    }

    /** Written by who has a turn, and gives it away meanwhile. */
    private static final class Written extends FilterOutputStream {

        Written(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            FREE.release();
            try {
                out.write(bytes, offset, count);
            } finally {
                FREE.acquireUninterruptibly();
            }
        }

        @Override
        public void flush() throws IOException {
            FREE.release();
            try {
                out.flush();
            } finally {
                FREE.acquireUninterruptibly();
            }
        }
    }
}
