package dev.phasor.decoder;

import dev.phasor.signal.Cancellation;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Starts processes, and ends those that take too long. */
final class DecodingProcesses {

    /** Starts a process. */
    @FunctionalInterface
    interface Start {
        Process start() throws IOException;
    }

    /** Reads what a process writes, to its end. */
    @FunctionalInterface
    interface Reader<T> {
        T read(InputStream out) throws IOException;
    }

    /** How often the processes are looked at. */
    private static final long LOOK_MILLIS = 100;

    private final DecoderSettings settings;
    private final Set<DecodingProcess> running = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(look -> thread("decoder-watch", look));

    DecodingProcesses(DecoderSettings settings) {
        this.settings = settings;
        watch.scheduleWithFixedDelay(
                () -> running.forEach(DecodingProcess::endIfSlow), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** @param what is decoded, for messages */
    DecodingProcess start(String what, Start start) {
        Process process;
        try {
            process = start.start();
        } catch (IOException e) {
            throw DecodingProcess.failed("cannot be started", e.toString());
        }
        DecodingProcess its = new DecodingProcess(what, process, settings, running::remove);
        running.add(its);
        return its;
    }

    /**
     * Runs a process to its end. It is ended where this thread's {@link Cancellation} is cancelled, and where the
     * reader throws.
     *
     * @param what is decoded, for messages
     */
    <T> T run(String what, Start start, Reader<T> reader) {
        Cancellation wanted = Cancellation.current();
        try (DecodingProcess process = start(what, start)) {
            wanted.onCancel(process::kill);
            T value;
            try {
                value = reader.read(process.out());
            } catch (InvalidInputException e) {
                if (e.code() == Code.MALFORMED_WAV) {
                    process.end(e);
                }
                throw e;
            } catch (IOException e) {
                throw process.cut(e);
            }
            process.end(null);
            return value;
        } finally {
            wanted.onCancel(null);
        }
    }

    /** Ends all that run. */
    void endAll() {
        watch.shutdownNow();
        running.forEach(DecodingProcess::kill);
    }

    /** One that does not keep the service from ending. */
    static Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
