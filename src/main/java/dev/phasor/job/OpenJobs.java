package dev.phasor.job;

import static java.util.Objects.requireNonNull;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import dev.phasor.compute.BusyException;
import dev.phasor.compute.OutOfMemory;
import dev.phasor.job.AttemptEndedException.Reason;
import dev.phasor.job.Job.Result;
import dev.phasor.job.JobTable.NewJob;
import dev.phasor.job.JobTable.Wanted;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionSystemException;

/**
 * The jobs of an open database, and the threads that run them. db-scheduler gives each job to one process at a time,
 * renews its lease, and gives it to another when the lease is over. A number that rises with each attempt keeps an
 * attempt that only seemed dead from writing over its successor. The file is long because every end of an attempt is in
 * one place.
 */
final class OpenJobs implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OpenJobs.class);

    private static final String TASK = "job";

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration SWEEP = Duration.ofMinutes(10);
    private static final Duration COMPACT = Duration.ofSeconds(30);

    /** What runs ends within a second of a stop; a disk that hangs is not waited for any longer. */
    private static final Duration STOP = Duration.ofSeconds(20);

    private static final Duration LEAST_PAUSE = Duration.ofSeconds(5);
    private static final Duration MOST_PAUSE = Duration.ofMinutes(5);

    /** The part of its threads below which db-scheduler looks for more to do: at each end of a job. */
    private static final double TAKEN = 0.99;

    /** Heartbeats that db-scheduler wants to have missed at least. */
    private static final int MISSED = 4;

    private final JobSettings settings;
    private final JobDatabase database;
    private final JobTable table;
    private final JobFolder folder;
    private final Work work;
    private final Observer observer;
    private final Scheduler scheduler;

    /** Removes files, which may be many: no job waits for that. */
    private final ExecutorService trimming = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "job-files");
        thread.setDaemon(true);
        return thread;
    });

    private volatile boolean stopping;

    OpenJobs(JobSettings settings, JobDatabase database, JobFolder folder, Work work, Observer observer) {
        this.settings = settings;
        this.database = database;
        this.folder = folder;
        this.work = work;
        this.observer = observer;
        table = new JobTable(database.client(), database.transactions());
        if (settings.isEmbedded()) {
            // One process at a time has the file: what was begun before is nobody's now.
            table.release();
        }
        Task<Void> task = Tasks.custom(TASK, Void.class)
                .onDeadExecutionRevive()
                .onFailureReschedule(FixedDelay.of(LEAST_PAUSE))
                .execute(this::run);
        scheduler = Scheduler.create(database.source(), task)
                .startTasks(
                        Tasks.recurring("sweep", FixedDelay.of(SWEEP))
                                .execute((instance, context) -> new Sweep(table, folder, settings).run()),
                        Tasks.recurring("compact", FixedDelay.of(COMPACT))
                                .execute((instance, context) -> database.compact()))
                .tableName("phasor_scheduled")
                .schedulerName(new SchedulerName.Fixed("phasor-" + UUID.randomUUID()))
                .threads(settings.parallel())
                // None is taken ahead of its turn: a job that comes meanwhile may stand before it.
                .pollUsingFetchAndLockOnExecute(TAKEN, 1)
                .pollingInterval(POLL)
                .heartbeatInterval(settings.heartbeat())
                .missedHeartbeatsLimit(MISSED)
                .shutdownMaxWait(STOP)
                .enablePriority()
                .build();
        scheduler.start();
    }

    JobTable table() {
        return table;
    }

    private static TaskInstance<Void> instance(String id, int priority) {
        return new TaskInstance.Builder<Void>(TASK, id).priority(priority).build();
    }

    /**
     * Adds a job to the table and to the queue, both or none.
     *
     * @param before jobs of its client that have not ended: the first job of one client comes before the second of
     *     another
     */
    Job submit(NewJob job, int before) {
        Job queued;
        try {
            queued = database.transactions().execute(status -> {
                table.insert(job, System.currentTimeMillis());
                scheduler.schedule(instance(job.id(), -before), Instant.now());
                return table.find(job.id()).orElseThrow();
            });
        } catch (TransactionSystemException e) {
            queued = committed(job.id(), e);
        }
        scheduler.triggerCheckForDueExecutions();
        return requireNonNull(queued);
    }

    /** The job whose commit was not acknowledged; throws the exception where it is not found. */
    private Job committed(String id, TransactionSystemException unclear) {
        try {
            return table.find(id).orElseThrow(() -> unclear);
        } catch (DataAccessException away) {
            unclear.addSuppressed(away);
            throw unclear;
        }
    }

    void cancel(String id) {
        if (table.cancel(id, System.currentTimeMillis())) {
            // Its execution finds that it has ended.
            table.find(id).ifPresent(job -> hasEnded(job, State.CANCELLED));
            return;
        }
        try {
            // One that waits for its next attempt need not wait any longer.
            scheduler.reschedule(instance(id, 0), Instant.now());
        } catch (RuntimeException e) {
            log.debug("job {} runs, or has ended", id, e);
        }
    }

    private CompletionHandler<Void> run(TaskInstance<Void> instance, ExecutionContext context) {
        String id = instance.getId();
        Optional<Job> begun = table.begin(id, System.currentTimeMillis());
        if (begun.isEmpty()) {
            return done();
        }
        Job job = begun.get();
        int counted = table.counted(id);
        Attempt attempt;
        try {
            attempt = new Attempt(job, table, folder, settings, () -> stopping);
        } catch (IOException e) {
            log.warn("attempt {} at job {} cannot read its folder, and is made again: {}", counted, id, e.toString());
            return later(job, counted);
        }
        if (counted > settings.attempts()) {
            log.error("job {} has ended its process {} times, and fails", id, settings.attempts());
            end(job, attempt.standing(State.FAILED), null);
            return done();
        }
        try {
            State state = answer(job, attempt);
            log.info("job {} is {}", id, state.wireName());
            return done();
        } catch (AttemptEndedException e) {
            return ended(job, attempt, e.reason());
        } catch (BusyException e) {
            log.warn("attempt {} at job {} is made again: {}", counted, id, e.toString());
            return later(job, counted, e.code() == BusyException.Code.BUSY);
        } catch (IOException e) {
            log.warn("attempt {} at job {} failed, and is made again: {}", counted, id, e.toString());
            return later(job, counted);
        } catch (RuntimeException | OutOfMemoryError e) {
            OutOfMemory.endIfBehind(e);
            log.error("attempt {} at job {} failed, and is made again", counted, id, e);
            return later(job, counted);
        }
    }

    /** Computes the answer, and makes it the job's. */
    private State answer(Job job, Attempt attempt) throws IOException {
        int number = job.standing().attempt();
        try (WholeFile file = folder.newResult(job.id(), number)) {
            KeptAnswer answer = new KeptAnswer(file, attempt.allowance());
            work.run(attempt, answer);
            long bytes = file.commit();
            boolean refused = answer.status() >= 400;
            State state = attempt.isCancelled() ? State.CANCELLED : refused ? State.FAILED : State.DONE;
            end(job, attempt.standing(state), new Result(answer.status(), answer.headers(), bytes));
            return state;
        }
    }

    private CompletionHandler<Void> ended(Job job, Attempt attempt, Reason reason) {
        switch (reason) {
            case LOST -> {
                log.info("attempt {} at job {} is not the last any more", attempt.number(), job.id());
                return (complete, operations) -> {}; // the execution is another's
            }
            case CANCELLED -> end(job, attempt.standing(State.CANCELLED), null);
            case YIELDING -> {
                log.info("job {} gives its place to another client's", job.id());
                table.requeue(job.id(), attempt.number(), true, System.currentTimeMillis());
                return (complete, operations) ->
                        operations.reschedule(complete, Instant.now().plus(POLL));
            }
            case STOPPING -> {
                table.requeue(job.id(), attempt.number(), true, System.currentTimeMillis());
                return (complete, operations) -> operations.reschedule(complete, Instant.now());
            }
        }
        return done();
    }

    private CompletionHandler<Void> later(Job job, int counted) {
        return later(job, counted, false);
    }

    /** @param excused whether the attempt does not count: others held the memory, or the places in a queue */
    private CompletionHandler<Void> later(Job job, int counted, boolean excused) {
        if (!excused && table.wanted(job.id()).filter(Wanted::cancelAsked).isPresent()) {
            end(job, job.standing().ended(State.CANCELLED), null);
            return done();
        }
        table.requeue(job.id(), job.standing().attempt(), excused, System.currentTimeMillis());
        Duration pause = LEAST_PAUSE.multipliedBy(1L << Math.min(counted - 1, 10));
        Instant next = Instant.now().plus(pause.compareTo(MOST_PAUSE) < 0 ? pause : MOST_PAUSE);
        return (complete, operations) -> operations.reschedule(complete, next);
    }

    private static CompletionHandler<Void> done() {
        return (complete, operations) -> operations.remove();
    }

    /** Writes the end of a job, however long its database is away. */
    private void end(Job job, Standing standing, @Nullable Result result) {
        while (true) {
            try {
                boolean mine = table.end(job.id(), standing, result, System.currentTimeMillis());
                if (mine) {
                    hasEnded(job, standing.state());
                }
                return;
            } catch (DataAccessException | TransactionException e) {
                if (stopping) {
                    throw new AttemptEndedException(Reason.STOPPING);
                }
                log.warn("the end of job {} waits for its database: {}", job.id(), e.toString());
                pause();
            }
        }
    }

    private void hasEnded(Job job, State state) {
        observer.ended(job, state);
        trimming.execute(() -> trim(job));
    }

    private static void pause() {
        try {
            Thread.sleep(POLL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AttemptEndedException(Reason.STOPPING);
        }
    }

    private void trim(Job job) {
        try {
            folder.trim(job.id(), job.standing().attempt());
        } catch (IOException e) {
            log.warn("files of job {} cannot be removed: {}", job.id(), e.toString());
        }
    }

    @Override
    public void close() {
        stopping = true;
        scheduler.stop();
        // Each ended job gave its work before the scheduler stopped. What is left of it goes with the job.
        trimming.shutdown();
        database.close();
    }
}
