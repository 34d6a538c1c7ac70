package dev.phasor.job;

import dev.phasor.job.Job.Event;
import dev.phasor.job.Job.Result;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The rows of jobs and of their events, as SQL that H2 and PostgreSQL both know. The file is long because each step of
 * a job is a statement.
 */
final class JobTable {

    static final String OPEN = "state IN ('queued', 'running')";

    private static final String STANDING =
            "state, attempt, stage, iterations, iterations_to_do, part_done, spectral_convergence_db, seconds_left";

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;

    JobTable(JdbcClient jdbc, TransactionTemplate transactions) {
        this.jdbc = jdbc;
        this.transactions = transactions;
    }

    /** What jobs hold. */
    Holdings holdings() {
        return new Holdings(jdbc);
    }

    /** @param key of idempotency; null for none */
    record NewJob(
            String id,
            String owner,
            String client,
            @Nullable String key,
            String digest,
            KeptRequest request,
            long bodyBytes) {}

    /** Adds a queued job with its first event. In a transaction. */
    void insert(NewJob job, long now) {
        jdbc.sql("INSERT INTO phasor_job (id, owner, client, idempotency_key, request_digest, endpoint, query,"
                        + " content_type, content_encoding, accept, body_bytes, state, attempt, excused, cancel_asked,"
                        + " stage, iterations, iterations_to_do, part_done, created, result_bytes, events) VALUES (:id,"
                        + " :owner, :client, :key, :digest, :endpoint, :query, :type, :encoding, :accept, :bytes,"
                        + " 'queued', 0, 0, FALSE, 'waiting', 0, 0, 0, :now, 0, 0)")
                .param("id", job.id())
                .param("owner", job.owner())
                .param("client", job.client())
                .param("key", job.key())
                .param("digest", job.digest())
                .param("endpoint", job.request().endpoint())
                .param("query", job.request().query())
                .param("type", job.request().contentType())
                .param("encoding", job.request().contentEncoding())
                .param("accept", job.request().accept())
                .param("bytes", job.bodyBytes())
                .param("now", now)
                .update();
        addEvent(job.id(), now);
    }

    Optional<Job> find(String id) {
        return jdbc.sql("SELECT * FROM phasor_job WHERE id = :id")
                .param("id", id)
                .query(JobRows::job)
                .optional();
    }

    /** The identifiers of the newest jobs of an owner. */
    List<String> of(String owner, int most) {
        return jdbc.sql("SELECT id FROM phasor_job WHERE owner = :owner ORDER BY created DESC, id LIMIT :most")
                .param("owner", owner)
                .param("most", most)
                .query(String.class)
                .list();
    }

    /**
     * A job that was made with an idempotency key.
     *
     * @param digest of its request
     */
    record Same(String id, String digest) {}

    Optional<Same> withKey(String client, String key) {
        return jdbc.sql("SELECT id, request_digest FROM phasor_job WHERE client = :client AND idempotency_key = :key")
                .param("client", client)
                .param("key", key)
                .query((row, number) -> new Same(row.getString(1), row.getString(2)))
                .optional();
    }

    /** The jobs in each state. */
    Map<State, Long> counts() {
        Map<State, Long> counts = new LinkedHashMap<>();
        jdbc.sql("SELECT state, COUNT(*) FROM phasor_job GROUP BY state")
                .query((row, number) -> counts.put(State.of(row.getString(1)), row.getLong(2)))
                .list();
        return counts;
    }

    /**
     * Whether a client that has no job running waits, and this job is to give it its place: it has had its turn, or is
     * not the first that runs of its own client.
     *
     * @param turnIsOver whether it has had its turn
     * @param since when the other has been due since at least, in milliseconds since 1970
     */
    boolean isInTheWay(String id, boolean turnIsOver, long since) {
        String earlier =
                "SELECT 1 FROM phasor_job earlier WHERE earlier.client = me.client AND earlier.state = 'running'"
                        + " AND (earlier.started < me.started OR earlier.started = me.started AND earlier.id < me.id)";
        String running = "SELECT 1 FROM phasor_job its WHERE its.client = waiting.client AND its.state = 'running'";
        String due = "SELECT 1 FROM phasor_scheduled due WHERE due.task_instance = waiting.id AND due.picked = FALSE"
                + " AND due.execution_time < :since";
        String waiting = "SELECT 1 FROM phasor_job waiting WHERE waiting.client <> me.client"
                + " AND waiting.state = 'queued' AND EXISTS (" + due + ") AND NOT EXISTS (" + running + ")";
        return jdbc.sql("SELECT COUNT(*) FROM phasor_job me WHERE me.id = :id AND (:over OR EXISTS (" + earlier
                                + ")) AND EXISTS (" + waiting + ")")
                        .param("id", id)
                        .param("over", turnIsOver)
                        .param("since", Instant.ofEpochMilli(since).atOffset(ZoneOffset.UTC))
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** Begins an attempt; empty where the job has ended or is not there. */
    Optional<Job> begin(String id, long now) {
        Optional<Job> job = transactions.execute(status -> {
            int begun = jdbc.sql("UPDATE phasor_job SET state = 'running', attempt = attempt + 1, stage = 'reading',"
                            + " seconds_left = NULL, started = COALESCE(started, :now) WHERE id = :id AND " + OPEN)
                    .param("now", now)
                    .param("id", id)
                    .update();
            if (begun == 0) {
                return Optional.empty();
            }
            addEvent(id, now);
            return find(id);
        });
        return Objects.requireNonNull(job);
    }

    /** Notes how far an attempt has come. Returns false if it is not the job's attempt any more. */
    boolean progress(String id, Standing standing, long now) {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            boolean mine = update(id, standing) == 1;
            if (mine) {
                addEvent(id, now);
            }
            return mine;
        }));
    }

    private int update(String id, Standing standing) {
        return jdbc.sql("UPDATE phasor_job SET state = :state, stage = :stage, iterations = :iterations,"
                        + " iterations_to_do = :todo, part_done = :part, spectral_convergence_db = :convergence,"
                        + " seconds_left = :left WHERE id = :id AND attempt = :attempt AND state = 'running'")
                .param("state", standing.state().wireName())
                .param("stage", standing.stage())
                .param("iterations", standing.iterations())
                .param("todo", standing.iterationsToDo())
                .param("part", standing.partDone())
                .param("convergence", standing.convergenceDb())
                .param("left", standing.secondsLeft())
                .param("id", id)
                .param("attempt", standing.attempt())
                .update();
    }

    /** Ends an attempt. Returns false if it is not the job's attempt any more. */
    boolean end(String id, Standing standing, @Nullable Result result, long now) {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            if (update(id, standing) == 0) {
                return false;
            }
            jdbc.sql("UPDATE phasor_job SET ended = :now, body_bytes = 0, result_status = :status,"
                            + " result_headers = :headers, result_bytes = :bytes WHERE id = :id")
                    .param("now", now)
                    .param("status", result == null ? null : result.status())
                    .param("headers", result == null ? null : JobRows.text(result.headers()))
                    .param("bytes", result == null ? 0 : result.bytes())
                    .param("id", id)
                    .update();
            addEvent(id, now);
            return true;
        }));
    }

    /**
     * Puts a job that an attempt has left back into the queue.
     *
     * @param excused whether the attempt does not count: the service stopped
     */
    void requeue(String id, int attempt, boolean excused, long now) {
        transactions.executeWithoutResult(status -> {
            int mine = jdbc.sql("UPDATE phasor_job SET state = 'queued', stage = 'waiting', seconds_left = NULL,"
                            + " excused = excused + :excused WHERE id = :id AND attempt = :attempt"
                            + " AND state = 'running'")
                    .param("excused", excused ? 1 : 0)
                    .param("id", id)
                    .param("attempt", attempt)
                    .update();
            if (mine == 1) {
                addEvent(id, now);
            }
        });
    }

    /** Attempts that count: not those that a stop of the service ended, or the want of what others held. */
    int counted(String id) {
        return jdbc.sql("SELECT attempt - excused FROM phasor_job WHERE id = :id")
                .param("id", id)
                .query(Integer.class)
                .single();
    }

    /** Asks for the end of a job. Returns whether it has ended by that: nothing had begun it. */
    boolean cancel(String id, long now) {
        return Boolean.TRUE.equals(transactions.execute(status -> {
            jdbc.sql("UPDATE phasor_job SET cancel_asked = TRUE WHERE id = :id AND " + OPEN)
                    .param("id", id)
                    .update();
            boolean ended = jdbc.sql("UPDATE phasor_job SET state = 'cancelled', stage = 'ended', body_bytes = 0,"
                                    + " ended = :now WHERE id = :id AND state = 'queued' AND attempt = 0")
                            .param("now", now)
                            .param("id", id)
                            .update()
                    == 1;
            if (ended) {
                addEvent(id, now);
            }
            return ended;
        }));
    }

    /** What an attempt has to know while it runs. */
    record Wanted(State state, int attempt, boolean cancelAsked) {}

    Optional<Wanted> wanted(String id) {
        return jdbc.sql("SELECT state, attempt, cancel_asked FROM phasor_job WHERE id = :id")
                .param("id", id)
                .query((row, number) -> new Wanted(State.of(row.getString(1)), row.getInt(2), row.getBoolean(3)))
                .optional();
    }

    /** The events after a number, in order, and whether the job has ended with the last of them. */
    List<Event> eventsAfter(String id, long number, int most) {
        return jdbc.sql("SELECT sequence, at, " + STANDING + " FROM phasor_job_event WHERE job = :id AND sequence >"
                        + " :number ORDER BY sequence LIMIT :most")
                .param("id", id)
                .param("number", number)
                .param("most", most)
                .query((row, index) -> new Event(row.getLong("sequence"), row.getLong("at"), JobRows.standing(row)))
                .list();
    }

    /** The job's standing as its next event. In a transaction that has changed the job's row, and so holds it. */
    private void addEvent(String id, long now) {
        jdbc.sql("UPDATE phasor_job SET events = events + 1 WHERE id = :id")
                .param("id", id)
                .update();
        jdbc.sql("INSERT INTO phasor_job_event (job, sequence, at, " + STANDING + ") SELECT id, events, :now, "
                        + STANDING + " FROM phasor_job WHERE id = :id")
                .param("now", now)
                .param("id", id)
                .update();
    }

    /** Removes an ended job. Returns whether it was there, and had ended. */
    boolean remove(String id) {
        return jdbc.sql("DELETE FROM phasor_job WHERE id = :id AND NOT (" + OPEN + ")")
                        .param("id", id)
                        .update()
                == 1;
    }

    /** Some jobs that have ended before a time. */
    List<String> endedBefore(long millis, int most) {
        return jdbc.sql("SELECT id FROM phasor_job WHERE ended < :millis ORDER BY ended LIMIT :most")
                .param("millis", millis)
                .param("most", most)
                .query(String.class)
                .list();
    }

    /** Frees what a process had begun that is known to be gone. */
    void release() {
        jdbc.sql("UPDATE phasor_scheduled SET picked = FALSE, picked_by = NULL, last_heartbeat = NULL, version ="
                        + " version + 1 WHERE picked = TRUE")
                .update();
    }
}
