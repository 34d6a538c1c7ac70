package dev.phasor.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes jobs that are kept for no longer, and folders that no job has. */
final class Sweep {

    private static final Logger log = LoggerFactory.getLogger(Sweep.class);

    private static final int BATCH = 1000;

    /** A body that comes slowly has a folder before it is a job. */
    private static final Duration NEW = Duration.ofDays(1);

    /** A body that has come becomes a job within seconds, or never. */
    private static final Duration SENT = Duration.ofHours(1);

    private final JobTable table;
    private final JobFolder folder;
    private final JobSettings settings;

    Sweep(JobTable table, JobFolder folder, JobSettings settings) {
        this.table = table;
        this.folder = folder;
        this.settings = settings;
    }

    void run() {
        long now = System.currentTimeMillis();
        try {
            List<String> old = table.endedBefore(now - settings.keepFor().toMillis(), BATCH);
            for (String job : old) {
                if (table.remove(job)) {
                    folder.remove(job);
                }
            }
            for (String job : folder.before(now - SENT.toMillis())) {
                boolean come = Files.exists(folder.body(job));
                if (table.find(job).isEmpty() && (come || folder.isBefore(job, now - NEW.toMillis()))) {
                    folder.remove(job);
                }
            }
            log.debug("{} jobs were kept for {} days, and are removed", old.size(), settings.days());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
