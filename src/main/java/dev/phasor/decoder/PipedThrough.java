package dev.phasor.decoder;

import dev.phasor.signal.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process makes of an input, as a stream. The thread that reads it also asks for the input: while there is
 * nothing to read, for the next piece. A few pieces wait on both sides, so that neither side stops the other, whatever
 * the process keeps inside. Used by one thread.
 */
final class PipedThrough extends InputStream {

    private static final Logger log = LoggerFactory.getLogger(PipedThrough.class);

    /** Pieces that wait on each side. */
    static final int WAITING = 4;

    /** Bytes of a piece that comes out. */
    static final int PIECE = 1 << 16;

    private static final long LOOK_MILLIS = 100;

    /** An input, piece by piece. */
    @FunctionalInterface
    interface Source {
        /** The next bytes, at least one; null at the end. */
        byte @Nullable [] next() throws IOException;
    }

    private final DecodingProcess process;
    private final Source source;
    private final Cancellation wanted = Cancellation.current();
    private final Queue<byte[]> in = new ArrayDeque<>();
    private final Queue<byte[]> out = new ArrayDeque<>();
    private boolean inEnded;
    private boolean outEnded;
    private boolean closed;
    private byte[] current = new byte[0];
    private int at;

    /** @param process under way, and not closed by this */
    PipedThrough(DecodingProcess process, Source source) {
        this.process = process;
        this.source = source;
        DecodingProcesses.thread("decoder-in", this::send).start();
        DecodingProcesses.thread("decoder-out", this::receive).start();
    }

    /** @throws IOException of the source */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (at == current.length) {
            byte[] next = next();
            if (next == null) {
                return -1;
            }
            current = next;
            at = 0;
        }
        int count = Math.min(length, current.length - at);
        System.arraycopy(current, at, target, offset, count);
        at += count;
        return count;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    private byte @Nullable [] next() throws IOException {
        while (true) {
            synchronized (this) {
                while (out.isEmpty() && !outEnded && (inEnded || in.size() == WAITING)) {
                    await(LOOK_MILLIS);
                    wanted.check();
                }
                if (!out.isEmpty() || outEnded) {
                    notifyAll();
                    return out.poll();
                }
            }
            byte[] piece = source.next();
            synchronized (this) {
                inEnded = piece == null;
                if (piece != null) {
                    in.add(piece);
                }
                notifyAll();
            }
        }
    }

    private void send() {
        try (OutputStream to = process.in()) {
            for (byte[] piece = taken(); piece != null; piece = taken()) {
                to.write(piece, 0, piece.length);
                to.flush();
            }
        } catch (IOException e) {
            log.debug("the decoder reads no more: {}", e.getMessage()); // its end tells why
        }
    }

    private synchronized byte @Nullable [] taken() {
        while (in.isEmpty() && !inEnded && !closed) {
            await(0);
        }
        notifyAll();
        return closed ? null : in.poll();
    }

    private void receive() {
        byte[] block = new byte[PIECE];
        try (InputStream from = process.out()) {
            for (int count = from.read(block); count > 0 && given(Arrays.copyOf(block, count)); ) {
                count = from.read(block);
            }
        } catch (IOException e) {
            log.debug("the decoder was ended: {}", e.getMessage());
        } finally {
            synchronized (this) {
                outEnded = true;
                notifyAll();
            }
        }
    }

    /** Whether more is wanted. */
    private synchronized boolean given(byte[] piece) {
        while (out.size() == WAITING && !closed) {
            await(0);
        }
        out.add(piece);
        notifyAll();
        return !closed;
    }

    private void await(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
            outEnded = true;
        }
    }

    /** Lets its threads end, once the process has. */
    @Override
    public synchronized void close() {
        closed = true;
        notifyAll();
    }
}
