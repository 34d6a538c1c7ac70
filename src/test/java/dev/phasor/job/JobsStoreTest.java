package dev.phasor.job;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.phasor.compute.BusyException;
import dev.phasor.reconstruction.Keeping;
import dev.phasor.reconstruction.Keeping.Mark;
import dev.phasor.reconstruction.Workload;
import dev.phasor.signal.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.unit.DataSize;

/** Jobs on H2 in a file, whose work is told by the test. */
class JobsStoreTest {

    private static final KeptRequest REQUEST = new KeptRequest("stft", "n_fft=512", "audio/wav", null, null);

    @TempDir
    Path folder;

    static JobSettings settings(Path place) {
        return settings(place, 1, 100, 3600);
    }

    private static JobSettings settings(Path place, int parallel, int ofClient, int turn) {
        return new JobSettings(
                true,
                place,
                null,
                "phasor",
                "",
                parallel,
                100,
                ofClient,
                DataSize.ofMegabytes(1),
                DataSize.ofMegabytes(1),
                DataSize.ofMegabytes(1),
                7,
                8,
                3600,
                60,
                3,
                turn,
                4);
    }

    private Jobs jobs(Work work) {
        return new Jobs(settings(folder), work, (job, state) -> {});
    }

    private static Job submit(Jobs jobs, String body) throws IOException {
        return jobs.submit(sent("-", null, body));
    }

    private static Jobs.Sent sent(String client, @Nullable String key, String body) {
        InputStream bytes = new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
        return new Jobs.Sent("-", client, key, REQUEST, bytes);
    }

    private static Job awaitEnd(Jobs jobs, Job job) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> jobs.find(job.id(), "-").orElseThrow().state().isEnd());
        return jobs.find(job.id(), "-").orElseThrow();
    }

    private static void echo(Attempt attempt, KeptAnswer answer) throws IOException {
        try (InputStream in = attempt.body()) {
            in.transferTo(answer.body());
        }
        answer.body().flush();
    }

    @Test
    void aStopLeavesAJobToTheNextProcess() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        Job job;
        try (Jobs first = jobs((attempt, answer) -> {
            running.countDown();
            while (true) {
                attempt.gone();
                Thread.onSpinWait();
            }
        })) {
            job = submit(first, "hello");
            running.await();
        }
        try (Jobs second = jobs(JobsStoreTest::echo)) {
            second.start();
            Job ended = awaitEnd(second, job);

            assertThat(ended.state()).isEqualTo(State.DONE);
            assertThat(ended.standing().attempt()).isEqualTo(2);
            assertThat(new String(bytes(second, ended), StandardCharsets.UTF_8)).isEqualTo("hello");
        }
    }

    private static byte[] bytes(Jobs jobs, Job ended) throws IOException {
        try (InputStream answer =
                jobs.result(ended, requireNonNull(ended.result()).bytes()).orElseThrow()) {
            return answer.readAllBytes();
        }
    }

    @Test
    void anAnswerThatIsNotThereWholeIsTheFoldersFault() throws IOException {
        try (Jobs jobs = jobs(JobsStoreTest::echo)) {
            Job ended = awaitEnd(jobs, submit(jobs, "hello"));
            assertThatThrownBy(() -> jobs.result(ended, 6))
                    .isInstanceOf(BusyException.class)
                    .hasMessageContaining("cannot be read");
            jobs.forget(ended);
            assertThat(jobs.result(ended, 5)).isEmpty();
        }
    }

    /** The key is free again each time, whoever was about to find the job that had it. */
    @Test
    void aJobThatIsForgottenFreesItsKey() throws Exception {
        try (Jobs jobs = jobs(JobsStoreTest::echo)) {
            List<FutureTask<Void>> senders = IntStream.range(0, 4)
                    .mapToObj(i -> new FutureTask<Void>(() -> {
                        for (int turn = 0; turn < 50; turn++) {
                            Job job = jobs.submit(sent("-", "order", "hello"));
                            await().atMost(Duration.ofMinutes(1))
                                    .until(() -> jobs.find(job.id(), "-")
                                            .map(its -> its.state().isEnd())
                                            .orElse(true));
                            jobs.find(job.id(), "-").ifPresent(jobs::forget);
                        }
                        return null;
                    }))
                    .toList();
            senders.forEach(each -> new Thread(each).start());
            for (FutureTask<Void> each : senders) {
                each.get();
            }
        }
    }

    @Test
    void aKeyOfIdempotencyIsOfAClient() throws IOException {
        try (Jobs jobs = jobs(JobsStoreTest::echo)) {
            Job one = jobs.submit(sent("one", "order", "hello"));

            assertThat(jobs.submit(sent("one", "order", "hello")).id()).isEqualTo(one.id());
            assertThatThrownBy(() -> jobs.submit(sent("one", "order", "another")))
                    .isInstanceOf(RefusedJobException.class)
                    .hasMessageNotContaining(one.id());
            assertThat(jobs.submit(sent("two", "order", "another")).id()).isNotEqualTo(one.id());
        }
    }

    /** The client's limit is reached by the job itself. */
    @Test
    void aKnownKeyIsRefusedForNoLimit() throws IOException {
        Work endless = (attempt, answer) -> {
            while (true) {
                attempt.gone();
                Thread.onSpinWait();
            }
        };
        try (Jobs jobs = new Jobs(settings(folder, 1, 1, 3600), endless, (job, state) -> {})) {
            Job one = jobs.submit(sent("one", "order", "hello"));

            assertThat(jobs.submit(sent("one", "order", "hello")).id()).isEqualTo(one.id());
            assertThatThrownBy(() -> jobs.submit(sent("one", "order", "another")))
                    .isInstanceOf(RefusedJobException.class)
                    .hasMessageContaining("Idempotency-Key");
            assertThatThrownBy(() -> jobs.submit(sent("one", "second", "hello")))
                    .isInstanceOf(RefusedJobException.class)
                    .hasMessageContaining("phasor.jobs.of-client");
        }
    }

    @Test
    void anAttemptThatSeemedDeadChangesNothing() throws IOException {
        try (JobDatabase database = JobDatabase.open(settings(folder))) {
            JobTable table = new JobTable(database.client(), database.transactions());
            table.insert(new JobTable.NewJob("a", "-", "-", null, "", REQUEST, 0), 1);
            Standing first = table.begin("a", 2).orElseThrow().standing();
            Standing second = table.begin("a", 3).orElseThrow().standing();
            Standing late = ended(first);

            assertThat(table.progress("a", first, 4)).isFalse();
            assertThat(table.end("a", late, null, 5)).isFalse();
            assertThat(table.end("a", ended(second), null, 6)).isTrue();
            assertThat(table.end("a", ended(second), null, 7)).isFalse();
            assertThat(table.begin("a", 8)).isEmpty();
            assertThat(table.cancel("a", 9)).isFalse();
            assertThat(table.eventsAfter("a", 0, 10))
                    .extracting(Job.Event::number)
                    .containsExactly(1L, 2L, 3L, 4L);
        }
    }

    private static Standing ended(Standing of) {
        return new Standing(State.DONE, of.attempt(), "ended", 0, 0, 1, null, null);
    }

    @Test
    void whatMayPassIsTriedAgainAndWhatDoesNotFails() throws IOException {
        AtomicInteger tries = new AtomicInteger();
        try (Jobs jobs = jobs((attempt, answer) -> {
            if (tries.incrementAndGet() == 1) {
                throw new BusyException("no memory");
            }
            echo(attempt, answer);
        })) {
            assertThat(awaitEnd(jobs, submit(jobs, "x")).state()).isEqualTo(State.DONE);
            assertThat(tries).hasValue(2);
        }
    }

    @Test
    void whatFailsIsNotTriedAgainOnceItIsCancelled() throws Exception {
        CountDownLatch tried = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        try (Jobs jobs = jobs((attempt, answer) -> {
            tried.countDown();
            try {
                cancelled.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            throw new IOException("the body is gone");
        })) {
            jobs.start();
            Job job = submit(jobs, "hello");
            tried.await();
            jobs.cancel(job);
            cancelled.countDown();
            Job ended = awaitEnd(jobs, job);

            assertThat(ended.state()).isEqualTo(State.CANCELLED);
            assertThat(ended.standing().attempt()).isEqualTo(1);
            assertThat(ended.standing().stage()).isEqualTo("ended");
        }
    }

    @Test
    void whatIsCancelledBeforeItBeganKeepsNoFiles() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch free = new CountDownLatch(1);
        List<String> heard = new CopyOnWriteArrayList<>();
        Work blocks = (attempt, answer) -> {
            running.countDown();
            try {
                free.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        try (Jobs jobs = new Jobs(settings(folder), blocks, (job, state) -> heard.add(job.id() + " " + state))) {
            Job first = submit(jobs, "first");
            running.await();
            Job second = submit(jobs, "second");
            assertThat(names(folder.resolve(second.id().substring(0, 2)).resolve(second.id())))
                    .isNotEmpty();

            jobs.cancel(second);

            assertThat(jobs.find(second.id(), "-").orElseThrow().state()).isEqualTo(State.CANCELLED);
            assertThat(heard).containsExactly(second.id() + " " + State.CANCELLED);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(names(
                                    folder.resolve(second.id().substring(0, 2)).resolve(second.id())))
                            .isEmpty());
            free.countDown();
            awaitEnd(jobs, first);
        }
    }

    @Test
    void aFileAppearsWholeOrNotAtAll() throws IOException {
        Path name = folder.resolve("file");
        try (WholeFile file = new WholeFile(name)) {
            file.out().write(1);
            assertThat(name).doesNotExist();
        }
        assertThat(names(folder)).isEmpty();
        try (WholeFile file = new WholeFile(name)) {
            file.out().write(new byte[] {1, 2, 3});
            file.restart();
            file.out().write(4);
            assertThat(file.commit()).isEqualTo(1);
        }
        assertThat(names(folder)).containsExactly("file");
        assertThat(Files.readAllBytes(name)).containsExactly(4);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void aStateThatIsNotWholeIsNone() throws IOException {
        JobFolder files = new JobFolder(folder);
        float[] kept = {1, -0f, Float.NaN, 4};
        new KeptState(files, "abc", "state", 1).keep(new Mark("x", 3, 0.5), kept);
        KeptState read = new KeptState(files, "abc", "state", 1);
        assertThat(read.mark()).isEqualTo(new Mark("x", 3, 0.5));
        float[] restored = new float[4];
        read.restore(restored);
        Path file = files.file("abc", "state");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        assertThat(restored).isEqualTo(kept);
        assertThat(new KeptState(files, "abc", "state", 1).mark()).isNull();
    }

    @Test
    void aFolderThatCannotBeWrittenIsSaid() throws IOException {
        Path file = Files.createFile(folder.resolve("no-folder"));
        try (Jobs jobs = new Jobs(settings(file), JobsStoreTest::echo, (job, state) -> {})) {
            assertThatThrownBy(() -> submit(jobs, "x"))
                    .isInstanceOf(BusyException.class)
                    .extracting(e -> ((BusyException) e).code())
                    .isEqualTo(BusyException.Code.STORAGE_FAILED);
            assertThat(jobs.find("x", "-")).isEmpty();
        }
    }

    @Test
    void aClientsFirstJobComesBeforeAnothersThird() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<String> order = new CopyOnWriteArrayList<>();
        try (Jobs jobs = jobs((attempt, answer) -> {
            try (InputStream in = attempt.body()) {
                order.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        })) {
            jobs.submit(sent("a", null, "a1"));
            await().until(() -> order.size() == 1);
            jobs.submit(sent("a", null, "a2"));
            jobs.submit(sent("a", null, "a3"));
            Job last = jobs.submit(sent("b", null, "b1"));
            go.countDown();
            awaitEnd(jobs, last);
            await().atMost(Duration.ofSeconds(30)).until(() -> order.size() == 4);
        }
        // The second may be on its way to its thread already when the other client's first comes.
        assertThat(order).containsExactlyInAnyOrder("a1", "b1", "a2", "a3").startsWith("a1");
        assertThat(order.indexOf("b1")).isLessThan(order.indexOf("a3"));
    }

    @Test
    void aClientGivesAPlaceToOneThatHasNone() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<String> begun = new CopyOnWriteArrayList<>();
        Work untilOver = (attempt, answer) -> {
            try (InputStream in = attempt.body()) {
                begun.add(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
            while (!over.get() && attempt.job().request().query().isEmpty()) {
                attempt.gone();
                Thread.onSpinWait();
            }
        };
        try (Jobs jobs = new Jobs(settings(folder, 2, 100, 3600), untilOver, (job, state) -> {})) {
            Job first = jobs.submit(endless("a", "a1"));
            await().until(() -> begun.size() == 1);
            Job second = jobs.submit(endless("a", "a2"));
            await().until(() -> begun.size() == 2);
            Job other = jobs.submit(sent("b", null, "b1"));
            awaitEnd(jobs, other);
            assertThat(jobs.find(first.id(), "-").orElseThrow().standing().attempt())
                    .isEqualTo(1);
            over.set(true);
            awaitEnd(jobs, first);
            assertThat(awaitEnd(jobs, second).standing().attempt()).isEqualTo(2);
        }
        assertThat(begun).containsExactly("a1", "a2", "b1", "a2");
    }

    @Test
    void whoHasHadATurnGivesThePlaceToOneThatHasNone() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<String> begun = new CopyOnWriteArrayList<>();
        Work untilOver = (attempt, answer) -> {
            Keeping keeping = attempt.keeping(0);
            begun.add(attempt.job().id() + (keeping.mark() == null ? "" : " goes on"));
            while (!over.get() && attempt.job().request().query().isEmpty()) {
                attempt.gone();
                if (keeping.isDue()) {
                    keeping.keep(new Keeping.Mark("descent", 1, 0), new float[1]);
                }
            }
        };
        try (Jobs jobs = new Jobs(settings(folder, 2, 100, 1), untilOver, (job, state) -> {})) {
            Job first = jobs.submit(endless("a", "1"));
            Job second = jobs.submit(endless("b", "1"));
            await().until(() -> begun.size() == 2);
            awaitEnd(jobs, jobs.submit(sent("c", null, "1")));
            over.set(true);
            List<Integer> attempts = List.of(
                    awaitEnd(jobs, first).standing().attempt(),
                    awaitEnd(jobs, second).standing().attempt());
            assertThat(attempts).contains(2);
        }
        assertThat(begun).hasSizeGreaterThanOrEqualTo(4).anyMatch(name -> name.endsWith("goes on"));
    }

    private static Jobs.Sent endless(String client, String body) {
        InputStream bytes = new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8));
        return new Jobs.Sent("-", client, null, new KeptRequest("stft", "", "audio/wav", null, null), bytes);
    }

    @Test
    void whatIsTooMuchIsRefused() throws IOException {
        try (Jobs jobs = jobs(JobsStoreTest::echo)) {
            byte[] large = new byte[2 << 20];
            assertThatThrownBy(
                            () -> jobs.submit(new Jobs.Sent("-", "-", null, REQUEST, new ByteArrayInputStream(large))))
                    .isInstanceOf(RefusedJobException.class)
                    .hasMessageContaining("phasor.jobs.bytes-of-client");
        }
        try (Stream<Path> left = Files.walk(folder)) {
            assertThat(left.filter(file -> file.getFileName().toString().startsWith("body")))
                    .isEmpty();
        }
    }

    @Test
    void manyAtOnceAreNoMoreThanMay() throws Exception {
        List<Integer> refused = new CopyOnWriteArrayList<>();
        int sent = 40;
        int most = 7;
        Work endless = (attempt, answer) -> {
            while (true) {
                attempt.gone();
                Thread.onSpinWait();
            }
        };
        try (Jobs jobs = new Jobs(settings(folder, 1, most, 3600), endless, (job, state) -> {})) {
            List<Thread> threads = IntStream.range(0, sent)
                    .mapToObj(i -> new Thread(() -> {
                        try {
                            submit(jobs, "hello");
                        } catch (RefusedJobException e) {
                            refused.add(i);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }))
                    .toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(refused).hasSize(sent - most);
    }

    /** Bodies of which each has room, and not all. */
    @Test
    void bodiesThatAreComingCount() throws Exception {
        byte[] half = new byte[600 << 10];
        CountDownLatch come = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        try (Jobs jobs = jobs(JobsStoreTest::echo)) {
            InputStream stops = new SequenceInputStream(new ByteArrayInputStream(half), new InputStream() {
                @Override
                public int read() throws IOException {
                    come.countDown();
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    return -1;
                }
            });
            FutureTask<Job> first = new FutureTask<>(() -> jobs.submit(new Jobs.Sent("-", "a", null, REQUEST, stops)));
            new Thread(first).start();
            come.await();
            Jobs.Sent second = new Jobs.Sent("-", "a", null, REQUEST, new ByteArrayInputStream(half));
            try {
                assertThatThrownBy(() -> jobs.submit(second))
                        .isInstanceOf(RefusedJobException.class)
                        .hasMessageContaining("phasor.jobs.bytes-of-client");
            } finally {
                over.countDown();
            }
            assertThat(first.get().bodyBytes()).isEqualTo(half.length);
        }
    }

    @Test
    void anAnswerThatGrowsPastWhatAClientMayKeepIsRefused() throws IOException {
        AtomicInteger written = new AtomicInteger();
        Work endless = (attempt, answer) -> {
            try {
                attempt.keep("a", out -> writeEndlessly(out, written));
            } catch (InvalidInputException e) {
                answer.restart(413);
                answer.uncounted().write(String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
                answer.uncounted().flush();
            }
        };
        try (Jobs jobs = jobs(endless)) {
            jobs.start();
            Job ended = awaitEnd(jobs, submit(jobs, "hello"));

            assertThat(ended.state()).isEqualTo(State.FAILED);
            assertThat(new String(bytes(jobs, ended), StandardCharsets.UTF_8))
                    .contains("must be at most 1048576 bytes (phasor.jobs.bytes-of-client)");
            assertThat(written.get()).isBetween(1 << 19, 1 << 20);
        }
    }

    private static void writeEndlessly(OutputStream out, AtomicInteger written) throws IOException {
        while (true) {
            out.write(new byte[1 << 10]);
            written.addAndGet(1 << 10);
        }
    }

    @Test
    void whatAnotherJobKeepsCounts() throws Exception {
        CountDownLatch kept = new CountDownLatch(1);
        CountDownLatch seen = new CountDownLatch(1);
        Work holding = (attempt, answer) -> {
            attempt.keep("a", out -> out.write(new byte[1000 << 10]));
            kept.countDown();
            while (seen.getCount() > 0) {
                attempt.gone();
                Thread.onSpinWait();
            }
        };
        try (Jobs jobs = jobs(holding)) {
            jobs.start();
            Job first = submit(jobs, "hello");
            kept.await();
            assertThatThrownBy(() -> submit(jobs, "x".repeat(100 << 10)))
                    .isInstanceOf(RefusedJobException.class)
                    .hasMessageContaining("phasor.jobs.bytes-of-client");
            seen.countDown();
            awaitEnd(jobs, first);
            submit(jobs, "x".repeat(100 << 10));
        }
    }

    /** As H2 does itself when the disk is full. */
    @Test
    void aDatabaseThatClosedItselfIsOpenedAgain() throws Exception {
        try (Jobs jobs = jobs((attempt, answer) -> answer.body().write(1))) {
            Job before = submit(jobs, "before");
            awaitEnd(jobs, before);
            String url = "jdbc:h2:file:" + folder.toAbsolutePath().resolve("jobs");
            try (Connection connection = DriverManager.getConnection(url, "phasor", "");
                    Statement statement = connection.createStatement()) {
                statement.execute("SHUTDOWN IMMEDIATELY");
            }

            await().atMost(Duration.ofSeconds(30))
                    .ignoreException(BusyException.class)
                    .until(() -> jobs.find(before.id(), "-").isPresent());
            assertThat(awaitEnd(jobs, submit(jobs, "after")).state()).isEqualTo(State.DONE);
        }
    }

    /** As where the database goes away while an event is written. */
    @Test
    void anAttemptGoesOnWhileNothingCanBeCommitted() throws Exception {
        try (JobDatabase database = JobDatabase.open(settings(folder))) {
            JobTable good = new JobTable(database.client(), database.transactions());
            good.insert(new JobTable.NewJob("one", "-", "-", null, "digest", REQUEST, 1), 1);
            Job job = good.begin("one", 2).orElseThrow();
            AtomicInteger asked = new AtomicInteger();
            TransactionTemplate away = new TransactionTemplate(new AbstractPlatformTransactionManager() {
                @Override
                protected Object doGetTransaction() {
                    return asked;
                }

                @Override
                protected void doBegin(Object transaction, TransactionDefinition definition) {}

                @Override
                protected void doCommit(DefaultTransactionStatus status) {
                    asked.incrementAndGet();
                    throw new TransactionSystemException("the connection was reset");
                }

                @Override
                protected void doRollback(DefaultTransactionStatus status) {}
            });
            JobTable failing = new JobTable(database.client(), away);
            Attempt attempt = new Attempt(job, failing, new JobFolder(folder), settings(folder), () -> false);
            attempt.begins(1, Workload.even(1000));
            AtomicInteger iterations = new AtomicInteger();

            await().atMost(Duration.ofSeconds(30)).until(() -> {
                attempt.iterated(0, iterations.incrementAndGet(), -1);
                return !attempt.gone() && asked.get() > 0;
            });
        }
    }

    /** The answers of a batch are written for minutes, if they are many. */
    @Test
    void whatIsWrittenForLongEndsWithTheAttemptAndNotWhenItIsCancelled() throws Exception {
        try (JobDatabase database = JobDatabase.open(settings(folder))) {
            JobTable table = new JobTable(database.client(), database.transactions());
            table.insert(new JobTable.NewJob("one", "-", "-", null, "digest", REQUEST, 1), 1);
            Job job = table.begin("one", 2).orElseThrow();
            AtomicBoolean stopping = new AtomicBoolean();
            Attempt attempt = new Attempt(job, table, new JobFolder(folder), settings(folder), stopping::get);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            OutputStream looking = attempt.looking(out);
            assertThat(table.cancel("one", 3)).isFalse();
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                looking.write(7);
                return attempt.isCancelled();
            });
            looking.write(8);
            stopping.set(true);

            assertThatThrownBy(() -> looking.write(9)).isInstanceOf(AttemptEndedException.class);
            assertThat(out.toByteArray()).endsWith(8);
        }
    }

    /** It waits for its next attempt when its client ends it. */
    @Test
    void whatIsCancelledBetweenTwoAttemptsAnswersWhatItHasReached() throws Exception {
        Work keeping = (attempt, answer) -> {
            Keeping states = attempt.keeping(0);
            if (states.mark() == null) {
                states.keep(new Mark("descent", 1, 0), new float[1]);
                throw new BusyException("no memory");
            }
            while (!attempt.isCancelled()) {
                attempt.gone();
            }
            attempt.gone();
            answer.body().write(7);
            answer.body().flush();
        };
        try (Jobs jobs = jobs(keeping)) {
            Job job = submit(jobs, "hello");
            await().until(() -> {
                Standing now = jobs.find(job.id(), "-").orElseThrow().standing();
                return now.attempt() == 1 && now.state() == State.QUEUED;
            });
            jobs.cancel(job);
            Job ended = awaitEnd(jobs, job);

            assertThat(ended.state()).isEqualTo(State.CANCELLED);
            assertThat(bytes(jobs, ended)).containsExactly(7);
        }
    }

    @Test
    void whatCouldNotBeKeptIsGivenBack() throws IOException {
        Work work = (attempt, answer) -> {
            assertThatThrownBy(() -> attempt.keep("a", out -> writeEndlessly(out, new AtomicInteger())))
                    .isInstanceOf(InvalidInputException.class);
            attempt.keep("b", out -> out.write(new byte[500 << 10]));
        };
        try (Jobs jobs = jobs(work)) {
            assertThat(awaitEnd(jobs, submit(jobs, "hello")).state()).isEqualTo(State.DONE);
        }
    }

    /** An attempt that was killed has begun a file, and was granted more than it kept. */
    @Test
    void whatAKilledAttemptHasBegunIsRemovedAndCountsNoMore() throws IOException {
        inADatabase((table, job) -> {
            JobFolder files = new JobFolder(folder);
            WholeFile begun = files.newFile("one", "kept-a");
            begun.out().write(new byte[300]);
            begun.out().flush();
            long before = table.holdings().ofAll().bytes();
            table.holdings().keeps("one", 1000);
            new Attempt(job, table, files, settings(folder), () -> false);

            assertThat(files.names("one", "")).isEmpty();
            assertThat(table.holdings().ofAll().bytes()).isEqualTo(before);
        });
    }

    /** A folder can be opened as a file, and not read. */
    @Test
    void aBodyThatCannotBeReadIsTheDisksFault() throws IOException {
        inADatabase((table, job) -> {
            JobFolder files = new JobFolder(folder);
            Files.createDirectories(files.body("one"));
            Attempt attempt = new Attempt(job, table, files, settings(folder), () -> false);
            try (InputStream body = attempt.body()) {
                assertThatThrownBy(body::read)
                        .isInstanceOf(BusyException.class)
                        .extracting(e -> ((BusyException) e).code())
                        .isEqualTo(BusyException.Code.STORAGE_FAILED);
            }
        });
    }

    @Test
    void readingLooksWhetherTheJobIsWanted() throws IOException {
        inADatabase((table, job) -> {
            JobFolder files = new JobFolder(folder);
            try (WholeFile body = files.newBody("one")) {
                body.commit();
            }
            Attempt attempt = new Attempt(job, table, files, settings(folder), () -> false);
            table.cancel("one", 3);
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                try (InputStream body = attempt.body()) {
                    return body.read() >= 0;
                } catch (AttemptEndedException e) {
                    return e.isCancelled();
                }
            });
        });
    }

    @FunctionalInterface
    private interface InDatabase {
        void run(JobTable table, Job begun) throws IOException;
    }

    /** With a job that has begun. */
    private void inADatabase(InDatabase test) throws IOException {
        try (JobDatabase database = JobDatabase.open(settings(folder))) {
            JobTable table = new JobTable(database.client(), database.transactions());
            table.insert(new JobTable.NewJob("one", "-", "-", null, "digest", REQUEST, 1), 1);
            test.run(table, table.begin("one", 2).orElseThrow());
        }
    }
}
