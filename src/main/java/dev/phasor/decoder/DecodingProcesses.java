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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs processes to their end, feeds them and reads them, and tells what their end means. The file is long because
 * every end of a process is told apart in one place.
 */
final class DecodingProcesses {

    private static final Logger log = LoggerFactory.getLogger(DecodingProcesses.class);

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

    /** Starts a process. */
    @FunctionalInterface
    interface Start {
        Process start() throws IOException;
    }

    /** Writes to a process. */
    @FunctionalInterface
    interface Feed {
        void write(OutputStream in) throws IOException;
    }

    /** Reads what a process writes, to its end. */
    @FunctionalInterface
    interface Reader<T> {
        T read(InputStream out) throws IOException;
    }

    /** How often the processes are looked at. */
    private static final long LOOK_MILLIS = 100;

    private static final double MEGABYTE = 1 << 20;

    private final DecoderSettings settings;
    private final Set<Running> running = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(look -> daemon("decoder-watch", look));

    DecodingProcesses(DecoderSettings settings) {
        this.settings = settings;
        watch.scheduleWithFixedDelay(
                () -> running.forEach(this::endIfSlow), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** A process, and what went into it and came out. */
    private static final class Running {

        final Process process;
        final AtomicLong bytes = new AtomicLong();
        volatile boolean slow;

        Running(Process process) {
            this.process = process;
        }

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

        OutputStream in() {
            return new FilterOutputStream(process.getOutputStream()) {
                @Override
                public void write(byte[] source, int offset, int length) throws IOException {
                    out.write(source, offset, length);
                    bytes.addAndGet(length);
                }
            };
        }
    }

    /** A file of a few bytes can say what takes a decoder minutes before the first sample. */
    private void endIfSlow(Running each) {
        double allowed = settings.cpuTimePerMegabyte() * (1 + each.bytes.get() / MEGABYTE);
        double used =
                each.process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
        if (used > allowed) {
            each.slow = true;
            each.process.destroyForcibly();
        }
    }

    /**
     * Runs a process to its end. It is ended where this thread's {@link Cancellation} is cancelled, and where the
     * reader throws.
     *
     * @param what is decoded, for messages
     */
    <T> T run(String what, Start start, Feed feed, Reader<T> reader) {
        Cancellation wanted = Cancellation.current();
        long begun = System.nanoTime();
        Process process;
        try {
            process = start.start();
        } catch (IOException e) {
            throw failed("cannot be started", e.toString());
        }
        Running its = new Running(process);
        running.add(its);
        ByteArrayOutputStream complaint = new ByteArrayOutputStream();
        Thread feeder = thread("decoder-in", () -> feed(its, feed));
        Thread listener = thread("decoder-err", () -> listen(process, complaint));
        try {
            wanted.onCancel(process::destroyForcibly);
            T value = null;
            InvalidInputException unread = null;
            try {
                value = reader.read(its.out());
            } catch (InvalidInputException e) {
                if (e.code() != Code.MALFORMED_WAV) {
                    throw e;
                }
                unread = e; // what it says of its end tells more
            }
            int status = process.waitFor();
            listener.join();
            feeder.join();
            wanted.check();
            checkSpeed(what, its);
            if (status != 0 || value == null) {
                throw fault(
                        what, status, System.nanoTime() - begun, complaint.toString(StandardCharsets.UTF_8), unread);
            }
            return value;
        } catch (IOException e) {
            wanted.check(); // its streams are closed where it is ended from here
            checkSpeed(what, its);
            throw failed("was cut", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BusyException("the service is stopping");
        } finally {
            wanted.onCancel(null);
            process.destroyForcibly();
            running.remove(its);
        }
    }

    private void checkSpeed(String what, Running its) {
        if (its.slow) {
            throw new InvalidInputException(
                    Code.TOO_LARGE,
                    what + " must be decoded in " + settings.cpuTimePerMegabyte()
                            + " seconds of processor time for each"
                            + " megabyte of samples (phasor.decoder.cpu-time-per-megabyte), got one that takes longer");
        }
    }

    /** Ends all that run. */
    void endAll() {
        watch.shutdownNow();
        running.forEach(each -> each.process.destroyForcibly());
    }

    private static Thread thread(String name, Runnable work) {
        Thread thread = daemon(name, work);
        thread.start();
        return thread;
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    private static void feed(Running its, Feed feed) {
        try (OutputStream in = its.in()) {
            feed.write(in);
        } catch (IOException e) {
            log.debug("the decoder reads no more: {}", e.getMessage()); // its end tells why
        }
    }

    private static void listen(Process process, ByteArrayOutputStream complaint) {
        byte[] block = new byte[LONGEST_COMPLAINT];
        try (InputStream said = process.getErrorStream()) {
            for (int count = said.read(block); count > 0; count = said.read(block)) {
                complaint.write(block, 0, Math.min(count, LONGEST_COMPLAINT - complaint.size()));
            }
        } catch (IOException e) {
            log.debug("the decoder was ended: {}", e.getMessage());
        }
    }

    /** What the end of a process means for its request. */
    private RuntimeException fault(
            String what, int status, long nanos, String said, @Nullable InvalidInputException unread) {
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
            return malformed(what, "ffmpeg crashed on it (signal " + signal + ")");
        } else if (signal > 0 && signal < 32 || status == HEEDED && !said.contains(NOT_PERMITTED)) {
            return failed("was ended by " + (status == HEEDED ? "a signal" : "signal " + signal), complaint);
        } else if (status == 126 || status == 127) {
            return failed("cannot be started", complaint);
        }
        return malformed(
                what, unread == null || !said.isBlank() ? "ffmpeg says: " + complaint : "ffmpeg finds no sound in it");
    }

    private static InvalidInputException malformed(String what, String reason) {
        return new InvalidInputException(
                Code.MALFORMED_AUDIO, what + " must be one that ffmpeg decodes, got one that it does not: " + reason);
    }

    private static BusyException failed(String how, String reason) {
        log.error("the decoder {}: {}", how, reason);
        return BusyException.decoder(
                "the decoder " + how + "; nothing is wrong with the request that is known: send it again");
    }
}
