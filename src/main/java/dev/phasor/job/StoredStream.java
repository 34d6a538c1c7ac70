package dev.phasor.job;

import dev.phasor.compute.BusyException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a file of a job. Its faults are the disk's and never the request's: later there may be room. */
final class StoredStream extends FilterOutputStream {

    private static final Logger log = LoggerFactory.getLogger(StoredStream.class);

    private final LongConsumer counted;

    /** A file whose bytes were counted before. */
    StoredStream(OutputStream out) {
        this(out, bytes -> {});
    }

    /** @param counted is told of bytes before they are written, and may refuse them */
    StoredStream(OutputStream out, LongConsumer counted) {
        super(out);
        this.counted = counted;
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        counted.accept(count);
        try {
            out.write(bytes, offset, count);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    @Override
    public void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    /** Only writes what waits: the file is closed by whoever opened it. */
    @Override
    public void close() {
        flush();
    }

    static BusyException unwritable(IOException e) {
        log.error("the folder of jobs cannot be written (phasor.jobs.folder)", e);
        return BusyException.storage("the service cannot keep what belongs to a job: the folder of jobs is full or"
                + " cannot be written; its log says which");
    }
}
