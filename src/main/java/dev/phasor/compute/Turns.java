package dev.phasor.compute;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Semaphore;

/**
 * Turns for CPU work outside the compute pool: inflating bodies, and writing numbers as text. At most half of the cores
 * work on it at once, for any number of requests. A thread that waits for its client gives up its turn meanwhile.
 */
public final class Turns {

    private static final Semaphore FREE =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

    private Turns() {}

    /** Wraps a stream of encoded bytes in a stream of decoded bytes. */
    @FunctionalInterface
    public interface Decoder {
        InputStream decode(InputStream in) throws IOException;
    }

    /** Writes a complete output. */
    @FunctionalInterface
    public interface Writer {
        void write(OutputStream out) throws IOException;
    }

    /** A stream that needs a turn to decode. */
    public static InputStream decode(InputStream in, Decoder decoder) throws IOException {
        FREE.acquireUninterruptibly();
        try {
            return new Decoded(decoder.decode(new Encoded(in)));
        } finally {
            FREE.release();
        }
    }

    /** Writes with a turn. */
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

    /** The encoded input. Its reader has a turn and gives it up while it waits for input. */
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

    /** The encoded output. Its writer has a turn and gives it up while it waits for the client. */
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
