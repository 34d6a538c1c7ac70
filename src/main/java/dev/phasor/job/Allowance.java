package dev.phasor.job;

import dev.phasor.compute.BusyException;
import dev.phasor.job.Holdings.Held;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * The bytes that an attempt may keep. They are written to the table before they are written to the disk, so that the
 * limits of a client and of all hold while answers grow. Thread-safe.
 */
final class Allowance {

    private static final Logger log = LoggerFactory.getLogger(Allowance.class);

    /** The most bytes that are asked for before they are needed. */
    private static final long STEP = 1L << 24;

    private final Job job;
    private final Holdings holdings;
    private final JobSettings settings;
    private long granted;
    private long used;

    /** @param kept bytes that earlier attempts have kept */
    Allowance(Job job, Holdings holdings, JobSettings settings, long kept) {
        this.job = job;
        this.holdings = holdings;
        this.settings = settings;
        used = kept;
        granted = kept;
        holdings.keeps(job.id(), kept);
    }

    /**
     * Takes some for what is about to be written.
     *
     * @throws InvalidInputException {@code TOO_LARGE} if its client would keep more than one may
     * @throws BusyException if all would
     */
    synchronized void take(long bytes) {
        if (used + bytes > granted) {
            try {
                ask(used + bytes - granted);
            } catch (DataAccessException e) {
                log.warn("job {} keeps {} bytes that its database does not count: {}", job.id(), bytes, e.toString());
            }
        }
        used += bytes;
    }

    /** What was taken so far. */
    synchronized long used() {
        return used;
    }

    /** Gives back what was taken since {@link #used} was this, and is not kept. */
    synchronized void back(long bytes) {
        used = bytes;
        granted = bytes;
        try {
            holdings.keeps(job.id(), granted);
        } catch (DataAccessException e) {
            log.warn("job {} keeps less than its database counts: {}", job.id(), e.toString());
        }
    }

    private void ask(long needed) {
        Held own = holdings.withJob(job.id());
        if (own.bytes() + needed > settings.bytesOfClient().toBytes()) {
            throw new InvalidInputException(
                    Code.TOO_LARGE,
                    "the bodies and answers of a client's jobs must be at most "
                            + settings.bytesOfClient().toBytes()
                            + " bytes (phasor.jobs.bytes-of-client), and the answer of this one would be more:"
                            + " DELETE ended jobs with forget=true, or ask for less");
        }
        Held all = holdings.ofAll();
        if (all.bytes() + needed > settings.bytes().toBytes()) {
            throw new BusyException("the service keeps " + all.bytes() + " bytes of bodies and answers, of at most "
                    + settings.bytes().toBytes() + " (phasor.jobs.bytes)");
        }
        long left = Math.min(
                settings.bytesOfClient().toBytes() - own.bytes(),
                settings.bytes().toBytes() - all.bytes());
        // An answer that has come far asks less often.
        granted += Math.min(left, Math.max(needed, Math.min(used, STEP)));
        holdings.keeps(job.id(), granted);
    }
}
