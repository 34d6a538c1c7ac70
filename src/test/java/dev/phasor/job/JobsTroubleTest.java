package dev.phasor.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.phasor.compute.BusyException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/** Jobs whose database breaks, or changes, between two steps. */
class JobsTroubleTest {

    private static final KeptRequest REQUEST = new KeptRequest("stft", "n_fft=512", "audio/wav", null, null);

    @TempDir
    Path folder;

    @AfterEach
    void noTrouble() {
        TroubledDatabase.trouble = method -> {};
    }

    private String url() {
        return "jdbc:h2:file:" + folder.toAbsolutePath().resolve("jobs")
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH";
    }

    private Jobs jobs(Work work) {
        DataSize much = DataSize.ofMegabytes(100);
        JobSettings settings = new JobSettings(
                true,
                folder,
                TroubledDatabase.url(url()),
                "phasor",
                "",
                1,
                100,
                100,
                much,
                much,
                much,
                7,
                8,
                3600,
                60,
                3,
                3600,
                4);
        return new Jobs(settings, work, (job, state) -> {});
    }

    private static Job submit(Jobs jobs, @Nullable String key) throws IOException {
        return jobs.submit(new Jobs.Sent("-", "-", key, REQUEST, new ByteArrayInputStream(new byte[9])));
    }

    private static void endless(Attempt attempt, KeptAnswer answer) {
        while (true) {
            attempt.gone();
            Thread.onSpinWait();
        }
    }

    /** Lets the commits of this thread be made, and breaks the connection then. */
    private static void loseAcknowledgements(boolean databaseIsAway) {
        Thread sender = Thread.currentThread();
        AtomicInteger lost = new AtomicInteger();
        TroubledDatabase.trouble = method -> {
            if (Thread.currentThread() == sender && (method.equals("commit") || databaseIsAway && lost.get() > 0)) {
                lost.incrementAndGet();
                throw new SQLException("the connection was reset", "08006");
            }
        };
    }

    @Test
    void aJobWhoseCommitIsNotAcknowledgedIsFound() throws IOException {
        try (Jobs jobs = jobs(JobsTroubleTest::endless)) {
            submit(jobs, null);
            loseAcknowledgements(false);
            Job job = submit(jobs, "key");

            assertThat(jobs.find(job.id(), "-")).isPresent();
            assertThat(new JobFolder(folder).body(job.id())).exists();
        }
    }

    @Test
    void aJobOfWhichNothingIsKnownKeepsItsBody() throws IOException {
        try (Jobs jobs = jobs(JobsTroubleTest::endless)) {
            submit(jobs, null);
            loseAcknowledgements(true);
            assertThatThrownBy(() -> submit(jobs, "key")).isInstanceOf(BusyException.class);
            noTrouble();
            Job again = submit(jobs, "key");

            assertThat(jobs.of("-", 10)).hasSize(2).contains(again.id());
            assertThat(new JobFolder(folder).body(again.id())).exists();
        }
    }

    @Test
    void whatBecameNoJobIsRemovedLater() throws Exception {
        try (JobDatabase database = JobDatabase.open(JobsStoreTest.settings(folder))) {
            JobTable table = new JobTable(database.client(), database.transactions());
            JobFolder files = new JobFolder(folder);
            Path whole = files.body("ab-come");
            Path part = files.body("ab-comes").resolveSibling("body.1.part");
            for (Path file : List.of(whole, part)) {
                Files.createDirectories(file.getParent());
                Files.createFile(file);
                Files.setLastModifiedTime(
                        file.getParent(), FileTime.from(Instant.now().minus(Duration.ofHours(2))));
            }
            new Sweep(table, files, JobsStoreTest.settings(folder)).run();

            assertThat(whole).doesNotExist();
            assertThat(part).exists();
        }
    }

    /** The job ends between the two questions that its events and its state are. */
    @Test
    void theLastEventIsNotMissed() throws Exception {
        try (Jobs jobs = jobs(JobsTroubleTest::endless)) {
            Job job = submit(jobs, null);
            await().until(() -> jobs.find(job.id(), "-").orElseThrow().state() == State.RUNNING);
            long last = jobs.eventsAfter(job, 0, 100).events().size();
            Thread watcher = Thread.currentThread();
            AtomicInteger asked = new AtomicInteger();
            TroubledDatabase.trouble = method -> {
                if (Thread.currentThread() == watcher
                        && method.equals("prepareStatement")
                        && asked.incrementAndGet() == 2) {
                    endDirectly(job);
                }
            };
            Job.Events events = jobs.eventsAfter(job, last, 100);

            assertThat(events.ended()).isTrue();
            assertThat(events.events()).hasSize(1);
            assertThat(events.events().get(0).standing().state()).isEqualTo(State.DONE);
        }
    }

    private void endDirectly(Job job) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url(), "phasor", "");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(
                    "UPDATE phasor_job SET state = 'done', events = events + 1 WHERE id = '" + job.id() + "'");
            statement.execute("INSERT INTO phasor_job_event (job, sequence, at, state, attempt, stage, iterations,"
                    + " iterations_to_do, part_done) SELECT id, events, 0, state, attempt, 'ended', 0, 0, 1 FROM"
                    + " phasor_job WHERE id = '" + job.id() + "'");
            connection.commit();
        }
    }
}
