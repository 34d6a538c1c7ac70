package dev.phasor.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.phasor.signal.Cancellation;
import dev.phasor.signal.Ranges;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two threads for large requests, of which one begins them, and one for small ones; one of each kind may wait. */
class ComputePoolTest {

    private static final int SMALL = 10;
    private static final int LARGE = 11;

    private static final Duration LONG = Duration.ofMinutes(1);

    private final ComputePool pool =
            new ComputePool(new ComputeSettings(2, 1, SMALL, 1, 1, 0, 1, 300), new ClientLimits(100, 1, 100, 100));
    private final ExecutorService clients = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void close() {
        end.countDown();
        pool.close();
        clients.shutdown();
    }

    @Test
    void theResultOrTheFailureComesBack() {
        assertThat(run(SMALL, () -> 7)).isEqualTo(7);
        for (int work : new int[] {SMALL, LARGE}) {
            for (RuntimeException failure : List.of(new BusyException("memory"), new IllegalStateException("a bug"))) {
                assertThatThrownBy(() -> run(work, () -> {
                            throw failure;
                        }))
                        .isSameAs(failure);
            }
        }
    }

    /** A request whose items hold all threads of its lane for as long as they last. */
    @Test
    void nothingWaitsForAllItemsOfALargeRequest() throws Exception {
        try (ComputePool three = three()) {
            CountDownLatch begun = new CountDownLatch(3);
            CompletableFuture<Boolean> lasting = CompletableFuture.supplyAsync(
                    () -> three.run("a", LARGE, new Patience(() -> false, LONG), () -> allThreads(begun)), clients);
            assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();

            assertThat(three.<Integer>run("b", LARGE, shortly(), () -> 5)).isEqualTo(5);
            try (Streams.Stream stream = three.streams().open(shortly(), "b", 1)) {
                assertThat(stream.<Integer>call(() -> 5)).isEqualTo(5);
            }
            assertThat(lasting.isDone()).isFalse();
            end.countDown();
            assertThat(lasting.get(1, TimeUnit.MINUTES)).isTrue();
            await().until(() -> three.lanes().get(1).running() == 0);
        }
    }

    @Test
    void blocksDoNotWaitForOnesThatLast() throws Exception {
        try (ComputePool three = three()) {
            CountDownLatch begun = new CountDownLatch(3);
            CompletableFuture<Boolean> lasting = CompletableFuture.supplyAsync(
                    () -> {
                        try (Streams.Stream stream = three.streams().open(new Patience(() -> false, LONG), "a", 1)) {
                            return stream.call(() -> allThreads(begun));
                        }
                    },
                    clients);
            assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();

            try (Streams.Stream stream = three.streams().open(shortly(), "b", 1)) {
                for (int block = 0; block < 100; block++) {
                    int number = block;
                    assertThat(stream.<Integer>call(() -> number)).isEqualTo(block);
                }
            }
            assertThat(lasting.isDone()).isFalse();
            end.countDown();
            assertThat(lasting.get(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    private static ComputePool three() {
        return new ComputePool(new ComputeSettings(3, 1, SMALL, 20, 20, 2, 8, 300), new ClientLimits(100, 1, 100, 100));
    }

    private boolean allThreads(CountDownLatch begun) {
        Ranges.each(Ranges.threads(), item -> {
            begun.countDown();
            untilTheEnd();
        });
        return true;
    }

    private static Patience shortly() {
        return new Patience(() -> false, Duration.ofSeconds(20));
    }

    @Test
    void aPlaceIsHeldUntilItIsGivenBack() throws Exception {
        Lane lane = Lane.withThreads("some", "phasor.some.queue", 1, 1, new ClientLimits(100, 1, 100, 100));
        Lane.Held first = lane.hold("a", new Patience(() -> false, LONG));
        // Begun beside it, since that one lasts.
        Lane.Held second = lane.hold("b", new Patience(() -> false, LONG));
        CompletableFuture<Lane.Held> third =
                CompletableFuture.supplyAsync(() -> lane.hold("c", new Patience(() -> false, LONG)), clients);
        await().until(() -> lane.queued() == 1);

        assertThat(lane.running()).isEqualTo(2);
        assertThatThrownBy(() -> lane.hold("d", new Patience(() -> false, LONG)))
                .isInstanceOf(BusyException.class)
                .hasMessageContaining("at most 1 some requests may wait (phasor.some.queue)");
        first.close();
        third.get(1, TimeUnit.MINUTES).close();
        second.close();
        await().until(() -> lane.running() == 0);
        lane.hold("c", new Patience(() -> false, LONG));
        assertThatThrownBy(() -> lane.hold("d", new Patience(() -> true, LONG)))
                .isInstanceOf(ClientGoneException.class);
        assertThatThrownBy(() -> lane.hold("d", new Patience(() -> false, Duration.ofMillis(1))))
                .isInstanceOf(BusyException.class);
        assertThat(lane.queued()).isZero();
        lane.stop();
    }

    /** A client that sends one request after another never finds its own place taken, though nothing may wait. */
    @Test
    void whoHasTheAnswerHasGivenThePlaceBack() {
        Lane lane = new Lane("a", "a setting", ForkJoinPool::commonPool, 1, 0, 0, 0);
        for (int i = 0; i < 1000; i++) {
            assertThat(lane.run("a", patient(), () -> 7)).isEqualTo(7);
            assertThatThrownBy(() -> lane.run("a", patient(), () -> {
                        throw new IllegalStateException("a bug");
                    }))
                    .hasMessage("a bug");
            lane.hold("a", patient()).close();
        }
    }

    /** Two who wait are no queue for a third. */
    @Test
    void aNewcomerWaitsForOneRequestOfEachOther() throws Exception {
        ClientLimits all = new ClientLimits(100, 1, 100, 100);
        List<String> served = Collections.synchronizedList(new ArrayList<>());
        try (ComputePool one = new ComputePool(new ComputeSettings(1, 1, SMALL, 1, 20, 0, 1, 300), all)) {
            Lane lane = one.lanes().get(1);
            List<CompletableFuture<Boolean>> requests = new ArrayList<>();
            for (String client : List.of("a", "a", "a", "a", "b", "b", "b", "b", "newcomer")) {
                int before = lane.running() + lane.queued();
                requests.add(CompletableFuture.supplyAsync(
                        () -> one.run(client, LARGE, new Patience(() -> false, LONG), () -> {
                            try {
                                end.await();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                            return served.add(client);
                        }),
                        clients));
                await().until(() -> lane.running() + lane.queued() == before + 1);
            }
            end.countDown();
            for (CompletableFuture<Boolean> each : requests) {
                assertThat(each.get(1, TimeUnit.MINUTES)).isTrue();
            }
            assertThat(served).startsWith("a", "b", "newcomer", "a", "b", "a");
        }
    }

    @Test
    void oneClientLeavesAPlaceToTheOthers() throws Exception {
        ClientLimits all = new ClientLimits(100, 1, 100, 100);
        try (ComputePool three = new ComputePool(new ComputeSettings(3, 1, SMALL, 1, 5, 0, 1, 300), all)) {
            Lane lane = three.lanes().get(1);
            Supplier<Integer> waiting = () -> {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return 1;
            };
            List<CompletableFuture<Integer>> greedy = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                greedy.add(CompletableFuture.supplyAsync(
                        () -> three.run("greedy", LARGE, new Patience(() -> false, LONG), waiting), clients));
            }
            await().until(() -> lane.running() == 1 && lane.queued() == 2);

            assertThat(three.run("another", LARGE, new Patience(() -> false, LONG), () -> 7))
                    .isEqualTo(7);
            assertThat(lane.running()).isEqualTo(1);
            end.countDown();
            for (CompletableFuture<Integer> each : greedy) {
                assertThat(each.get(1, TimeUnit.MINUTES)).isEqualTo(1);
            }
        }
    }

    /** However long the requests of others last, and whoever they are: as many begin as may. */
    @Test
    void whoWaitsLongIsBegunBesideTheOthersWhereNothingOfHisRuns() throws Exception {
        ClientLimits all = new ClientLimits(100, 1, 100, 100);
        for (int work : new int[] {SMALL, LARGE}) {
            CountDownLatch over = new CountDownLatch(1);
            Supplier<Integer> lasting = () -> {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return 1;
            };
            try (ComputePool two = new ComputePool(new ComputeSettings(2, 1, SMALL, 20, 20, 2, 1, 300), all)) {
                Lane lane = two.lanes().get(work == SMALL ? 0 : 1);
                List<CompletableFuture<Integer>> requests = new ArrayList<>();
                for (String client : List.of("a", "a", "b")) {
                    int before = lane.running() + lane.queued();
                    requests.add(CompletableFuture.supplyAsync(
                            () -> two.run(client, work, new Patience(() -> false, LONG), lasting), clients));
                    await().until(() -> lane.running() + lane.queued() == before + 1);
                }
                await().until(() -> lane.running() == 2);
                assertThat(lane.queued()).isEqualTo(1);

                // One thread is left beside those of a and b; it is used again and again.
                for (int i = 0; i < 2; i++) {
                    // The others have lasted when the first one has waited: nobody waits as long for them again.
                    Duration longest = i == 0 ? LONG : Duration.ofMillis(1900);
                    boolean own = two.run(
                            "another",
                            work,
                            new Patience(() -> false, longest),
                            () -> IntStream.range(0, 1000)
                                    .parallel()
                                    .allMatch(each -> ForkJoinTask.getPool() != ForkJoinPool.commonPool()));
                    assertThat(own).isTrue();
                    await().until(() -> lane.running() == 2);
                }
                requests.add(CompletableFuture.supplyAsync(
                        () -> two.run("c", work, new Patience(() -> false, LONG), lasting), clients));
                await().until(() -> lane.running() == 3);
                assertThatThrownBy(() -> two.run("d", work, new Patience(() -> false, Duration.ofSeconds(3)), () -> 1))
                        .hasMessageContaining("3.0 seconds");
                over.countDown();
                for (CompletableFuture<Integer> each : requests) {
                    assertThat(each.get(1, TimeUnit.MINUTES)).isEqualTo(1);
                }
                await().until(() -> lane.running() == 0 && lane.queued() == 0);
            }
        }
    }

    @Test
    void whatIsTooMuchIsRefusedAtOnceAndTheRestIsDone() {
        for (int work : new int[] {SMALL, LARGE}) {
            Lane lane = pool.lanes().get(work == SMALL ? 0 : 1);
            CompletableFuture<Integer> running = occupy(work, lane);
            CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(() -> run(work, () -> 2), clients);
            await().until(() -> lane.queued() == 1);

            assertThatThrownBy(() -> run(work, () -> 3))
                    .isInstanceOf(BusyException.class)
                    .hasMessageContaining("phasor.compute." + lane.name() + "-queue")
                    .hasMessageContaining("they will have begun in about 1 s");
            assertThat(lane.rejected()).isEqualTo(1);
            if (work == LARGE) {
                end.countDown();
                assertThat(running.join() + waiting.join()).isEqualTo(3);
                assertThat(lane.running()).isZero();
            }
        }
    }

    @Test
    void whatNobodyWaitsForEndsAndGivesItsPlaceToTheNext() {
        for (int work : new int[] {SMALL, LARGE}) {
            Lane lane = pool.lanes().get(work == SMALL ? 0 : 1);
            AtomicBoolean firstGone = new AtomicBoolean();
            AtomicBoolean secondGone = new AtomicBoolean();
            CompletableFuture<Integer> running = CompletableFuture.supplyAsync(
                    () -> run(work, new Patience(firstGone::get, LONG), this::endless), clients);
            await().until(() -> lane.running() == 1);
            CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(
                    () -> run(work, new Patience(secondGone::get, LONG), () -> 2), clients);
            await().until(() -> lane.queued() == 1);

            secondGone.set(true);
            assertThatThrownBy(waiting::join).hasRootCauseInstanceOf(ClientGoneException.class);
            assertThat(lane.queued()).isZero();
            firstGone.set(true);
            assertThatThrownBy(running::join).hasRootCauseInstanceOf(ClientGoneException.class);
            assertThat(run(work, () -> 7)).isEqualTo(7);
            assertThat(lane.running()).isZero();
            assertThat(lane.queued()).isZero();
        }
    }

    @Test
    void whatTakesTooLongEnds() {
        for (int work : new int[] {SMALL, LARGE}) {
            assertThatThrownBy(() -> run(work, new Patience(() -> false, Duration.ofMillis(1)), this::endless))
                    .isInstanceOfSatisfying(
                            BusyException.class, e -> assertThat(e.code()).isEqualTo(BusyException.Code.TIMEOUT));
            assertThat(run(work, () -> 7)).isEqualTo(7);
        }
    }

    @Test
    void theBlocksOfAFileHaveTheirTimeTogether() {
        try (Streams.Stream file = pool.streams().open(new Patience(() -> false, Duration.ofMillis(1)), "a", 8)) {
            assertThatThrownBy(() -> file.call(this::endless)).isInstanceOf(BusyException.class);
            assertThatThrownBy(() -> file.call(this::endless)).isInstanceOf(BusyException.class);
        }
    }

    /** As when the file breaks off while its block is computed. */
    @Test
    void aBlockThatIsNotAwaitedHasEndedWhenItIsClosed() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        try (Streams.Stream file = pool.streams().open(patient(), "a", 8);
                Streams.Block<Integer> block = file.begin(() -> {
                    begun.countDown();
                    try {
                        return endless();
                    } finally {
                        ended.set(true);
                    }
                })) {
            begun.await();
            assertThat(ended).isFalse();
            block.close();
            assertThat(ended).isTrue();
        }
    }

    private int endless() {
        while (true) {
            Cancellation.current().check();
            Thread.onSpinWait();
        }
    }

    /** Decoding costs as computing does; waiting for the client's bytes does not. */
    @Test
    void whatAFilesOwnThreadWorksIsOfItsTimeout() {
        try (Streams.Stream file = pool.streams().open(new Patience(() -> false, Duration.ofMillis(200)), "a", 8)) {
            assertThat(file.call(() -> 7)).isEqualTo(7);
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long end =
                    threads.getCurrentThreadCpuTime() + Duration.ofMillis(250).toNanos();
            while (threads.getCurrentThreadCpuTime() < end) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(() -> file.call(() -> 8))
                    .isInstanceOf(BusyException.class)
                    .hasMessageContaining("0.2");
        }
    }

    @Test
    void aSmallRequestDoesNotWaitForALargeOne() {
        occupy(LARGE, pool.lanes().get(1));

        assertThat(run(SMALL, () -> 7)).isEqualTo(7);
    }

    @Test
    void aFilesBlockDoesNotWaitForALargeRequest() {
        occupy(LARGE, pool.lanes().get(1));

        try (Streams.Stream file = pool.streams().open(patient(), "a", 8)) {
            assertThat(file.call(() -> 7)).isEqualTo(7);
        }
    }

    @Test
    void filesBeyondThoseThatMayFlowAreRefused() {
        try (Streams.Stream file = pool.streams().open(patient(), "a", 8)) {
            assertThatThrownBy(() -> pool.streams().open(patient(), "a", 8)).isInstanceOf(BusyException.class);
        }
        pool.streams().open(patient(), "a", 8).close();
        assertThat(pool.streams().rejected()).isEqualTo(1);
    }

    @Test
    void theOrderIsThatOfArrival() {
        Lane lane = new Lane("a", "a setting", ForkJoinPool::commonPool, 1, 100, 100, 0);
        List<Integer> order = Collections.synchronizedList(new ArrayList<>());
        List<Computation<Boolean>> jobs = IntStream.range(0, 100)
                .mapToObj(i -> new Computation<>("a", () -> order.add(i)))
                .toList();
        jobs.forEach(lane::submit);
        for (Computation<Boolean> job : jobs) {
            patient().await(job);
        }
        assertThat(order).isSorted();
    }

    @Test
    void oneClientLeavesPlacesToOthers() {
        Lane lane = new Lane("a", "a setting", ForkJoinPool::commonPool, 1, 4, 3, 0);
        List<Computation<Boolean>> jobs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            jobs.add(new Computation<>("a", this::untilTheEnd));
        }
        jobs.forEach(lane::submit);
        Computation<Boolean> ofAnother = new Computation<>("b", () -> true);

        assertThatThrownBy(() -> lane.submit(new Computation<>("a", () -> true)))
                .isInstanceOf(BusyException.class)
                .hasMessageContaining("phasor.client.queue-share");
        lane.submit(ofAnother);
        // Three of four places, of the three that the other leaves two.
        lane.withdraw(jobs.get(2));
        lane.withdraw(jobs.get(3));
        Computation<Boolean> next = new Computation<>("a", () -> true);
        lane.submit(next);

        end.countDown();
        assertThat(patient().await(next)).isTrue();
        assertThat(patient().await(ofAnother)).isTrue();
    }

    @Test
    void clientsTakeTurns() {
        Lane lane = new Lane("a", "a setting", ForkJoinPool::commonPool, 1, 10, 10, 0);
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        List<Computation<Boolean>> jobs = new ArrayList<>(List.of(new Computation<>("a", this::untilTheEnd)));
        for (String client : List.of("a", "a", "a", "b", "b")) {
            jobs.add(new Computation<>(client, () -> order.add(client)));
        }
        jobs.forEach(lane::submit);

        end.countDown();
        for (Computation<Boolean> job : jobs) {
            patient().await(job);
        }
        assertThat(order).containsExactly("b", "a", "b", "a", "a");
    }

    private boolean untilTheEnd() {
        try {
            return end.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theParallelPartsOfARequestStayInItsLane() {
        for (int work : new int[] {SMALL, LARGE}) {
            assertThat(run(work, () -> {
                        ForkJoinPool own = ForkJoinTask.getPool();
                        return own != ForkJoinPool.commonPool()
                                && IntStream.range(0, 1000).parallel().allMatch(i -> ForkJoinTask.getPool() == own);
                    }))
                    .isTrue();
        }
    }

    /** A request that runs until the end. */
    private CompletableFuture<Integer> occupy(int work, Lane lane) {
        CompletableFuture<Integer> request = CompletableFuture.supplyAsync(
                () -> run(work, () -> {
                    try {
                        end.await();
                        return 1;
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }),
                clients);
        await().until(() -> lane.running() == 1);
        return request;
    }

    private <T> T run(int work, Supplier<T> computation) {
        return run(work, patient(), computation);
    }

    private <T> T run(int work, Patience patience, Supplier<T> computation) {
        return pool.run("somebody", work, patience, computation);
    }

    private static Patience patient() {
        return new Patience(() -> false, LONG);
    }
}
