package dev.phasor.decoder;

import dev.phasor.compute.BusyException;
import dev.phasor.signal.Cancellation;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process under way: counts what goes in and comes out, and tells what its end means. The file is long because
 * every end of a process is told apart in one place.
 */
final class DecodingProcess implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DecodingProcess.class);

    /** Of what a process complains; the rest is read and forgotten, so that it never waits. */
    private static final int LONGEST_COMPLAINT = 1 << 13;

    /** A status above is a signal's number and this. */
    private static final int SIGNALLED = 128;

    /** What ffmpeg exits with after a signal that it heeds: SIGTERM, SIGINT, and SIGXCPU at the end of its time. */
    private static final int HEEDED = 255;

    /** What ffmpeg says where it exits with 255 by itself: an error's number, -1, of files that it does not read. */
    private static final String NOT_PERMITTED = "Operation not permitted";

    /** The threads of ffmpeg that work at once: it reads, decodes, converts and writes. */
    private static final int THREADS = 4;

    /** Signals of a fault of its own: SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV. */
    private static final Set<Integer> CRASHES = Set.of(4, 6, 7, 8, 11);

    private static final double MEGABYTE = 1 << 20;

    private final String what;
    private final Process process;
    private final DecoderSettings settings;
    private final Consumer<DecodingProcess> closed;
    private final long begun = System.nanoTime();
    private final AtomicLong bytes = new AtomicLong();
    private final ByteArrayOutputStream complaint = new ByteArrayOutputStream();
    private final Thread listener;
    private volatile boolean slow;

    /**
     * @param what is decoded, for messages
     * @param closed hears of its end
     */
    DecodingProcess(String what, Process process, DecoderSettings settings, Consumer<DecodingProcess> closed) {
        this.what = what;
        this.process = process;
        this.settings = settings;
        this.closed = closed;
        listener = DecodingProcesses.thread("decoder-err", this::listen);
        listener.start();
    }

    private void listen() {
        byte[] block = new byte[LONGEST_COMPLAINT];
        try (InputStream said = process.getErrorStream()) {
            for (int count = said.read(block); count > 0; count = said.read(block)) {
                complaint.write(block, 0, Math.min(count, LONGEST_COMPLAINT - complaint.size()));
            }
        } catch (IOException e) {
            log.debug("the decoder was ended: {}", e.getMessage());
        }
    }

    /** What it writes. */
    InputStream out() {
        return new FilterInputStream(process.getInputStream()) {
            @Override
            public int read() throws IOException {
                int value = in.read();
                bytes.addAndGet(value < 0 ? 0 : 1);
                return value;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int count = in.read(target, offset, length);
                bytes.addAndGet(Math.max(0, count));
                return count;
            }
        };
    }

    /** What it reads. */
    OutputStream in() {
        return new FilterOutputStream(process.getOutputStream()) {
            @Override
            public void write(byte[] source, int offset, int length) throws IOException {
                out.write(source, offset, length);
                bytes.addAndGet(length);
            }
        };
    }

    /** A file of a few bytes can say what takes a decoder minutes before the first sample. */
    void endIfSlow() {
        double allowed = settings.cpuTimePerMegabyte() * (1 + bytes.get() / MEGABYTE);
        double used = process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
        if (used > allowed) {
            slow = true;
            kill();
        }
    }

    void kill() {
        process.destroyForcibly();
    }

    /**
     * Waits for its end, once all that it writes was read.
     *
     * @param unread what reading it failed with; what the process says of its end tells more
     * @throws InvalidInputException if it did not end well
     * @throws BusyException if it did not end well, and its input is not known to be at fault
     */
    void end(@Nullable InvalidInputException unread) {
        try {
            int status = process.waitFor();
            listener.join();
            Cancellation.current().check();
            checkSpeed();
            if (status != 0 || unread != null) {
                throw fault(status, System.nanoTime() - begun, complaint.toString(StandardCharsets.UTF_8), unread);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BusyException("the service is stopping");
        }
    }

    /** What it means that its streams were closed. */
    RuntimeException cut(IOException e) {
        Cancellation.current().check(); // its streams are closed where it is ended from here
        checkSpeed();
        return failed("was cut", e.toString());
    }

    /** Ends it, if it has not ended. */
    @Override
    public void close() {
        kill();
        closed.accept(this);
    }

    private void checkSpeed() {
        if (slow) {
            throw new InvalidInputException(
                    Code.TOO_LARGE,
                    what + " must be decoded in " + settings.cpuTimePerMegabyte()
                            + " seconds of processor time for each"
                            + " megabyte of samples (phasor.decoder.cpu-time-per-megabyte), got one that takes longer");
        }
    }

    /** What the end of a process means for its request. */
    private RuntimeException fault(int status, long nanos, String said, @Nullable InvalidInputException unread) {
        String complaint = Complaint.of(said);
        int signal = status - SIGNALLED;
        boolean outOfTime = nanos >= 1_000_000_000L * settings.cpuTime() / THREADS;
        if (status == HEEDED && outOfTime) {
            return new InvalidInputException(
                    Code.TOO_LARGE,
                    what + " must be decoded in " + settings.cpuTime()
                            + " seconds of processor time (phasor.decoder.cpu-time), got no end: send a shorter one");
        } else if (said.contains("Cannot allocate memory") || said.contains("pthread_create() failed")) {
            return new InvalidInputException(
                    Code.TOO_LARGE,
                    what + " must be decoded in " + settings.memory().toBytes()
                            + " bytes of memory (phasor.decoder.memory), got one that needs more");
        } else if (CRASHES.contains(signal)) {
            log.warn("ffmpeg crashed with signal {} on {}: {}", signal, what, complaint);
            return malformed("ffmpeg crashed on it (signal " + signal + ")");
        } else if (signal > 0 && signal < 32 || status == HEEDED && !said.contains(NOT_PERMITTED)) {
            return failed("was ended by " + (status == HEEDED ? "a signal" : "signal " + signal), complaint);
        } else if (status == 126 || status == 127) {
            return failed("cannot be started", complaint);
        }
        return malformed(
                unread == null || !said.isBlank() ? "ffmpeg says: " + complaint : "ffmpeg finds no sound in it");
    }

    private InvalidInputException malformed(String reason) {
        return new InvalidInputException(
                Code.MALFORMED_AUDIO, what + " must be one that ffmpeg decodes, got one that it does not: " + reason);
    }

    static BusyException failed(String how, String reason) {
        log.error("the decoder {}: {}", how, reason);
        return BusyException.decoder(
                "the decoder " + how + "; nothing is wrong with the request that is known: send it again");
    }
}
