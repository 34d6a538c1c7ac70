package dev.phasor.job;

import dev.phasor.compute.BusyException;
import dev.phasor.job.AttemptEndedException.Reason;
import dev.phasor.job.JobTable.Wanted;
import dev.phasor.reconstruction.Keeping;
import dev.phasor.reconstruction.Progress;
import dev.phasor.reconstruction.Workload;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.zip.ZipException;
import org.apache.commons.io.input.ProxyInputStream;
import org.apache.commons.io.output.ProxyOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * One attempt at a job, by one process. Threads that compute tell it how far they are ({@link Progress}); the thread
 * that waits for them asks {@link #gone} a few times a second, which writes that to the database and reads there
 * whether the job is still wanted. The file is long because what computes, what is kept and what is told are one
 * attempt, seen by two threads.
 */
public final class Attempt implements Progress {

    private static final Logger log = LoggerFactory.getLogger(Attempt.class);

    private static final long LOOK = Duration.ofMillis(500).toNanos();

    /** Between two looks whether another client waits for a place. */
    private static final long YIELD = Duration.ofSeconds(2).toNanos();

    /** How long a job has waited for a place when another gives it its own. */
    private static final long PATIENCE = Duration.ofSeconds(3).toMillis();

    /** How long an attempt that gives its place away waits for its states to be kept. */
    private static final long KEEP = Duration.ofSeconds(10).toNanos();

    /** A job that keeps no states begins anew after each turn: the longest is a thousand turns. */
    private static final int MOST_DOUBLINGS = 10;

    /** The least time between two events, and the part of the attempt's age that it grows to. */
    private static final long EVENT = Duration.ofMillis(500).toNanos();

    private static final int EVENTS_OF_AGE = 200;

    /** How long iterations have to end once they are cancelled. */
    private static final long ENDING = Duration.ofMinutes(2).toNanos();

    private static final String KEPT = "kept-";

    private static final String STATE = "state-";

    private final Job job;
    private final JobTable table;
    private final JobFolder folder;
    private final Allowance allowance;
    /** The states that earlier attempts have kept. */
    private final List<String> begun;

    private final int checkpoint;
    private final long turn;
    private final BooleanSupplier stopping;
    private final Estimate estimate = new Estimate();
    private final Map<Integer, KeptState> states = new ConcurrentHashMap<>();
    private final long began = System.nanoTime();
    private volatile String stage = "reading";
    private volatile boolean cancelled;
    private volatile String scope = "";
    /** Whether there is something to answer for one who cancels: iterations, or what an earlier attempt has kept. */
    private boolean iterates;

    private long looked = began;
    private long lookedRound = began;
    private long told = began;
    private long cancelledAt = began;
    private boolean yields;
    private long yieldsAt = began;
    private @Nullable Standing last;

    Attempt(Job job, JobTable table, JobFolder folder, JobSettings settings, BooleanSupplier stopping)
            throws IOException {
        this.job = job;
        this.table = table;
        this.folder = folder;
        checkpoint = settings.checkpoint();
        turn = Duration.ofSeconds(settings.turn()).toNanos();
        folder.removeParts(job.id());
        long kept = folder.bytes(job.id(), KEPT);
        allowance = new Allowance(job, table.holdings(), settings, kept);
        begun = folder.names(job.id(), STATE);
        iterates = kept > 0 || !begun.isEmpty();
        this.stopping = stopping;
        cancelled = job.cancelAsked();
    }

    public Job job() {
        return job;
    }

    /** How often the job was begun. */
    int number() {
        return job.standing().attempt();
    }

    /** The body of the request, as {@link #reading}. */
    public InputStream body() throws IOException {
        return reading(Files.newInputStream(bodyFile()));
    }

    /**
     * A stream from a file of the job. Each read on the thread that calls this looks whether the job is still wanted,
     * as {@link #gone}; a fault of the disk is a {@link BusyException}, and no fault of the request.
     */
    public InputStream reading(InputStream in) {
        Thread waiting = Thread.currentThread();
        return new ProxyInputStream(in) {
            @Override
            protected void beforeRead(int bytes) {
                if (Thread.currentThread() == waiting) {
                    gone();
                }
            }

            @Override
            protected void handleIOException(IOException e) throws IOException {
                throw unreadable(e);
            }
        };
    }

    /**
     * What a fault in reading a file of the job means.
     *
     * @throws IOException for a fault of the content
     */
    public BusyException unreadable(IOException e) throws IOException {
        if (e instanceof ZipException || e instanceof EOFException) {
            throw e;
        }
        log.error("the files of job {} cannot be read (phasor.jobs.folder)", job.id(), e);
        return BusyException.storage("the service cannot read what it keeps of a job; its log says why");
    }

    /** Where the body lies. */
    public Path bodyFile() {
        return folder.body(job.id());
    }

    public long bodyBytes() {
        return job.bodyBytes();
    }

    /** Says what is done now. */
    public void stage(String name) {
        stage = name;
    }

    /** Whether its client has cancelled it. */
    public boolean isCancelled() {
        return cancelled;
    }

    /**
     * Looks whether the job is still wanted, and tells how far it is.
     *
     * @return false
     * @throws AttemptEndedException if this attempt ends without an answer
     */
    public boolean gone() {
        if (stopping.getAsBoolean()) {
            throw new AttemptEndedException(Reason.STOPPING);
        }
        long now = System.nanoTime();
        if (now - looked >= LOOK) {
            looked = now;
            try {
                look();
                tell(now);
            } catch (DataAccessException | TransactionException e) {
                log.warn("job {} goes on without its database: {}", job.id(), e.toString());
            }
        }
        if (isOver() || cancelled && now - cancelledAt >= ENDING) {
            throw new AttemptEndedException(Reason.CANCELLED);
        }
        return false;
    }

    private synchronized boolean iterates() {
        return iterates;
    }

    private void look() {
        Wanted wanted = table.wanted(job.id()).orElseThrow(() -> new AttemptEndedException(Reason.LOST));
        if (wanted.attempt() != job.standing().attempt() || wanted.state() != State.RUNNING) {
            throw new AttemptEndedException(Reason.LOST);
        }
        if (wanted.cancelAsked() && !cancelled) {
            cancelledAt = looked;
            cancelled = true;
        }
        if (!cancelled) {
            giveWay();
        }
    }

    /** Ends this attempt where another client waits for its place, as soon as its states are kept. */
    private void giveWay() {
        if (!yields && looked - lookedRound >= YIELD) {
            lookedRound = looked;
            yields = table.isInTheWay(job.id(), isTurnOver(), System.currentTimeMillis() - PATIENCE);
            yieldsAt = looked;
            if (yields) {
                states.values().forEach(KeptState::ask);
            }
        }
        if (yields && (looked - yieldsAt >= KEEP || states.values().stream().noneMatch(KeptState::isAsked))) {
            throw new AttemptEndedException(Reason.YIELDING);
        }
    }

    private boolean isTurnOver() {
        boolean keeps = states.values().stream().anyMatch(KeptState::isWritten);
        int doublings = keeps ? 0 : Math.min(MOST_DOUBLINGS, job.standing().attempt() - 1);
        return looked - began >= turn << doublings;
    }

    private void tell(long now) {
        Standing standing = standing(State.RUNNING);
        if (now - told >= Math.max(EVENT, (now - began) / EVENTS_OF_AGE) && !standing.equals(last)) {
            if (!table.progress(job.id(), standing, System.currentTimeMillis())) {
                throw new AttemptEndedException(Reason.LOST);
            }
            last = standing;
            told = now;
        }
    }

    /** How far it is. */
    Standing standing(State state) {
        return new Standing(
                state,
                job.standing().attempt(),
                state.isEnd() ? "ended" : stage,
                estimate.iterations(),
                estimate.toDo(),
                state == State.DONE ? 1 : estimate.part(),
                estimate.convergence(),
                state.isEnd() ? null : estimate.secondsLeft());
    }

    /**
     * Begins a part of the work that has iterations of its own, such as a file of a batch.
     *
     * @param name which of them; its kept states are its own
     * @param from the part of all work that was done before it, in 0..1
     * @param to the part that is done after it
     */
    public void part(String name, double from, double to) {
        scope = name;
        states.clear();
        estimate.part(from, to);
        synchronized (this) {
            iterates = begun.stream().anyMatch(state -> state.startsWith(STATE + name + "-"));
        }
    }

    /** Whether the client has cancelled it where nothing can be reached any more: no iterations go on. */
    private boolean isOver() {
        return cancelled && !iterates();
    }

    /** The bytes that it may keep. */
    Allowance allowance() {
        return allowance;
    }

    /**
     * A file that the work keeps for a later attempt, written whole or not at all.
     *
     * @throws dev.phasor.signal.InvalidInputException {@code TOO_LARGE} if the client would keep more than one may
     * @throws BusyException if all would, or the disk is full
     */
    public void keep(String name, IoWriter writer) throws IOException {
        long before = allowance.used();
        boolean kept = false;
        try {
            keep(name, allowance::take, writer);
            kept = true;
        } finally {
            if (!kept) {
                allowance.back(before);
            }
        }
    }

    /** {@link #keep} of a line that is too short to be counted. */
    public void note(String name, IoWriter writer) throws IOException {
        keep(name, bytes -> {}, writer);
    }

    private void keep(String name, LongConsumer counted, IoWriter writer) throws IOException {
        try (WholeFile file = newFile(KEPT + name)) {
            writer.write(new StoredStream(file.out(), counted));
            try {
                file.commit();
            } catch (IOException e) {
                throw StoredStream.unwritable(e);
            }
        }
    }

    private WholeFile newFile(String name) {
        try {
            return folder.newFile(job.id(), name);
        } catch (IOException e) {
            throw StoredStream.unwritable(e);
        }
    }

    /**
     * A stream that looks at each write whether the job has its place still, as {@link #gone}: for what takes long to
     * write. What a client that has cancelled gets is written all the same.
     */
    public OutputStream looking(OutputStream out) {
        return new ProxyOutputStream(out) {
            @Override
            protected void beforeWrite(int bytes) {
                try {
                    gone();
                } catch (AttemptEndedException e) {
                    if (!e.isCancelled()) {
                        throw e;
                    }
                }
            }
        };
    }

    /** Where {@link #keep} puts a file. */
    public Path kept(String name) {
        return folder.file(job.id(), KEPT + name);
    }

    /** Removes the states of a part that is done. */
    public void forgetStates() throws IOException {
        for (int item : states.keySet()) {
            Files.deleteIfExists(folder.file(job.id(), state(item)));
        }
    }

    private String state(int item) {
        return STATE + scope + "-" + item;
    }

    @Override
    public synchronized void begins(int items, Workload work) {
        stage = "computing";
        if (work.iterations() > 0) {
            iterates = true;
            estimate.begins(items, work);
        }
    }

    @Override
    public boolean started(int item, double iterations) {
        estimate.at(item, iterations);
        return !cancelled;
    }

    @Override
    public boolean iterated(int item, int iteration, double spectralConvergenceDb) {
        estimate.at(item, iteration);
        estimate.reached(item, spectralConvergenceDb);
        return !cancelled;
    }

    @Override
    public Keeping keeping(int item) {
        return checkpoint == 0
                ? Keeping.NONE
                : states.computeIfAbsent(item, number -> new KeptState(folder, job.id(), state(number), checkpoint));
    }
}
