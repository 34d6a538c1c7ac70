package dev.phasor.job;

import dev.phasor.compute.BusyException;
import dev.phasor.job.JobTable.NewJob;
import dev.phasor.job.JobTable.Same;
import dev.phasor.job.RefusedJobException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionSystemException;

/**
 * All jobs. Their database is opened when the first one is sent, or at the start where there may be some. Thread-safe.
 * The file is long because every question to a database that may be away is asked here, in the client's words.
 */
public final class Jobs implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Jobs.class);

    private static final long RETRY = 10_000;

    /** How often the job that has an idempotency key may be forgotten while it is looked for. */
    private static final int MOST_TURNS = 100;

    private final JobSettings settings;
    private final Work work;
    private final Observer observer;
    private final JobFolder folder;
    private final Admission admission;
    private final Object opening = new Object();
    private volatile @Nullable OpenJobs open;
    private volatile boolean stopping;
    private String told = "";
    private @Nullable Thread opener;

    public Jobs(JobSettings settings, Work work, Observer observer) {
        this.settings = settings;
        this.work = work;
        this.observer = observer;
        folder = new JobFolder(settings.place());
        admission = new Admission(
                settings,
                question -> asking(opened -> question.apply(opened.table().holdings())));
    }

    public boolean isEnabled() {
        return settings.enabled();
    }

    /** Goes on with the jobs that an earlier process has left, on a thread of its own; asks again while it fails. */
    public synchronized void start() {
        boolean some = settings.enabled() && (!settings.isEmbedded() || JobDatabase.exists(settings.place()));
        if (!some || opener != null) {
            return;
        }
        opener = new Thread(this::keepOpening, "jobs-open");
        opener.setDaemon(true);
        opener.start();
    }

    private void keepOpening() {
        while (!stopping) {
            try {
                open();
                return;
            } catch (BusyException e) {
                try {
                    Thread.sleep(RETRY);
                } catch (InterruptedException interrupted) {
                    return;
                }
            }
        }
    }

    /** @throws BusyException {@code STORAGE_FAILED} if the folder or the database does not answer */
    private OpenJobs open() {
        OpenJobs opened = open;
        if (opened != null) {
            return opened;
        }
        synchronized (opening) {
            if (stopping) {
                throw new BusyException("the service is stopping");
            }
            opened = open;
            if (opened == null) {
                try {
                    opened = new OpenJobs(settings, JobDatabase.open(settings), folder, work, observer);
                } catch (IOException | RuntimeException e) {
                    tell(e);
                    throw BusyException.storage("jobs cannot be kept now: their folder or their database does not"
                            + " answer; the service's log says which");
                }
                open = opened;
            }
            return opened;
        }
    }

    /** Says once what is wrong, and not at each of many tries. */
    private void tell(Exception e) {
        String now = e.toString();
        if (now.equals(told)) {
            log.debug("jobs cannot be kept still", e);
        } else {
            told = now;
            log.error(
                    "jobs cannot be kept: look at phasor.jobs.folder ({}) and phasor.jobs.database-url",
                    settings.place(),
                    e);
        }
    }

    /** Runs what asks the database, and says in the client's words that it is away. */
    private <T> T asking(Asking<T> asking) {
        OpenJobs opened = open();
        try {
            return asking.ask(opened);
        } catch (DuplicateKeyException e) {
            throw e;
        } catch (DataAccessException | TransactionException e) {
            log.error("the database of jobs does not answer", e);
            BusyException busy =
                    BusyException.storage("the database of jobs does not answer now; the service's log says why");
            busy.initCause(e);
            throw busy;
        }
    }

    @FunctionalInterface
    private interface Asking<T> {
        T ask(OpenJobs opened);
    }

    /**
     * What is sent to become a job.
     *
     * @param owner who sees it
     * @param client whose limits it counts for
     * @param key of idempotency, which is this client's; null for none
     * @param body all of it
     */
    public record Sent(
            String owner, String client, @Nullable String key, KeptRequest request, InputStream body) {}

    /**
     * Keeps a request, and queues it. When this returns, the job outlives the process.
     *
     * @return the job; an earlier one where the idempotency key and the request are the same
     * @throws RefusedJobException for a client that holds as much as one may, and a key of another request
     * @throws BusyException if nothing more can be kept now
     * @throws IOException if the body cannot be read
     */
    public Job submit(Sent sent) throws IOException {
        String key = sent.key();
        Optional<Same> same =
                key == null ? Optional.empty() : asking(opened -> opened.table().withKey(sent.client(), key));
        Optional<Job> earlier = same.flatMap(its -> find(its.id(), sent.owner()));
        if (earlier.isEmpty()) {
            return keep(sent);
        }
        // No new job: no limit holds for it, and its body is only compared.
        checkSame(same.get(), sent.key(), copy(sent, OutputStream.nullOutputStream()));
        return find(earlier.get().id(), sent.owner()).orElse(earlier.get());
    }

    private Job keep(Sent sent) throws IOException {
        String id = UUID.randomUUID().toString();
        boolean kept = false;
        try (Admission.Coming coming = admission.begin(sent.client())) {
            Kept body = keepBody(id, sent, coming);
            NewJob job = new NewJob(
                    id, sent.owner(), sent.client(), sent.key(), body.digest(), sent.request(), body.bytes());
            Job same = coming.admit(open -> insert(job, open));
            kept = same.id().equals(id);
            return same;
        } catch (BusyException e) {
            // A commit that was not acknowledged: its row may come yet, and Sweep knows later.
            kept = e.getCause() instanceof TransactionSystemException;
            throw e;
        } finally {
            if (!kept) {
                remove(id);
            }
        }
    }

    /** Adds a job; where its idempotency key is another's, that one. */
    private Job insert(NewJob job, int before) {
        for (int turn = 1; ; turn++) {
            try {
                return asking(opened -> opened.submit(job, before));
            } catch (DuplicateKeyException e) {
                @Nullable String key = job.key();
                if (key == null || turn == MOST_TURNS) {
                    throw e;
                }
                Optional<Same> same = asking(opened -> opened.table().withKey(job.client(), key));
                same.ifPresent(its -> checkSame(its, key, job.digest()));
                Optional<Job> earlier = same.flatMap(its -> find(its.id(), job.owner()));
                if (earlier.isPresent()) {
                    return earlier.get();
                }
                // It has been forgotten meanwhile, and the key is free.
            }
        }
    }

    private static void checkSame(Same earlier, @Nullable String key, String digest) {
        if (!earlier.digest().equals(digest)) {
            throw new RefusedJobException(
                    Code.IDEMPOTENCY_KEY_REUSED,
                    "Idempotency-Key must be a new one for another request, got " + key + ", which an earlier one had");
        }
    }

    private void remove(String id) {
        try {
            folder.remove(id);
        } catch (IOException e) {
            log.warn("files of job {} cannot be removed: {}", id, e.toString());
        }
    }

    /** A body that is kept, and the digest of its request. */
    private record Kept(long bytes, String digest) {}

    private Kept keepBody(String id, Sent sent, Admission.Coming coming) throws IOException {
        try (WholeFile file = newBody(id)) {
            String digest = copy(sent, new StoredStream(file.out(), coming::take));
            try {
                return new Kept(file.commit(), digest);
            } catch (IOException e) {
                throw StoredStream.unwritable(e);
            }
        }
    }

    /** Copies the body, and returns the digest of the request. */
    private static String copy(Sent sent, OutputStream to) throws IOException {
        MessageDigest digest = sha256();
        OutputStream out = new DigestOutputStream(to, digest);
        byte[] block = new byte[1 << 16];
        int count;
        while ((count = sent.body().read(block)) > 0) {
            out.write(block, 0, count);
        }
        digest.update(sent.request().toString().getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest());
    }

    private WholeFile newBody(String id) {
        try {
            return folder.newBody(id);
        } catch (IOException e) {
            throw StoredStream.unwritable(e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    /** Whether there may be a job at all: nothing is opened to find none. */
    private boolean isNothing() {
        return !settings.enabled() || open == null && settings.isEmbedded() && !JobDatabase.exists(settings.place());
    }

    /** A job of this owner. */
    public Optional<Job> find(String id, String owner) {
        if (isNothing()) {
            return Optional.empty();
        }
        return asking(opened -> opened.table().find(id))
                .filter(job -> job.owner().equals(owner));
    }

    /** The identifiers of the newest jobs of an owner. */
    public List<String> of(String owner, int most) {
        return isNothing() ? List.of() : asking(opened -> opened.table().of(owner, most));
    }

    /** The events of a job after a number. */
    public Job.Events eventsAfter(Job job, long number, int most) {
        return asking(opened -> {
            // The state first: an end between the two questions is among the events.
            boolean over = opened.table()
                    .wanted(job.id())
                    .map(now -> now.state().isEnd())
                    .orElse(true);
            List<Job.Event> events = opened.table().eventsAfter(job.id(), number, most);
            boolean ended = events.isEmpty()
                    ? over
                    : events.get(events.size() - 1).standing().state().isEnd();
            return new Job.Events(events, ended);
        });
    }

    /**
     * The body of a job's answer; empty if the job has been forgotten meanwhile.
     *
     * @param bytes of it
     * @throws BusyException {@code STORAGE_FAILED} if the folder does not have it whole
     */
    public Optional<InputStream> result(Job job, long bytes) {
        Path file = folder.result(job.id(), job.standing().attempt());
        String fault;
        try {
            InputStream body = Files.newInputStream(file);
            long there = Files.size(file);
            if (there == bytes) {
                return Optional.of(body);
            }
            body.close();
            fault = "has " + there + " bytes of " + bytes;
        } catch (IOException e) {
            fault = e.toString();
        }
        if (find(job.id(), job.owner()).isEmpty()) {
            return Optional.empty();
        }
        log.error("the answer of job {}, {}, cannot be read: {}", job.id(), file, fault);
        throw BusyException.storage("the answer of job " + job.id() + " cannot be read; the service's log says why");
    }

    /** Asks for the end of a job. What it has reached becomes its answer. */
    public void cancel(Job job) {
        asking(opened -> {
            opened.cancel(job.id());
            return true;
        });
    }

    /** Removes an ended job and its answer. */
    public void forget(Job job) {
        if (asking(opened -> opened.table().remove(job.id()))) {
            remove(job.id());
        }
    }

    /** The jobs in each state; empty while their database is not open. */
    public Map<State, Long> counts() {
        OpenJobs opened = open;
        try {
            return opened == null ? Map.of() : opened.table().counts();
        } catch (DataAccessException e) {
            return Map.of();
        }
    }

    /** Whether the service stops: nobody should wait for a job here any more. */
    public boolean isStopping() {
        return stopping;
    }

    /** Leaves the running jobs to a later process, or to another. */
    public void stop() {
        stopping = true;
        synchronized (opening) {
            OpenJobs opened = open;
            if (opened != null) {
                opened.close();
                open = null;
            }
        }
    }

    @Override
    public void close() {
        stop();
    }
}
