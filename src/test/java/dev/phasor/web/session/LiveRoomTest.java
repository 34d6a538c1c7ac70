package dev.phasor.web.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.compute.BusyException;
import dev.phasor.compute.ClientLimits;
import dev.phasor.compute.ComputePool;
import dev.phasor.compute.ComputeSettings;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Patience;
import dev.phasor.operation.Calls;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.LiveOperation;
import dev.phasor.operation.LiveOperations;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.signal.Cancellation;
import dev.phasor.signal.Ranges;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** How many sessions there may be, and who computes. */
class LiveRoomTest {

    private final MemoryBudget budget = new MemoryBudget(1 << 30);
    /** One thread for large requests, and none may wait. */
    private final ComputePool pool =
            new ComputePool(new ComputeSettings(1, 1, 1000, 1, 0, 0, 1, 300), new ClientLimits(100, 1, 100, 100));

    @AfterEach
    void close() {
        pool.close();
    }

    /** So that many starts take one thread each from others' requests at most. */
    @Test
    void largeTablesAreMadeInTheTurnsOfRequests() throws Exception {
        LiveRoom room = room(2);
        room.start();
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Thread request =
                new Thread(() -> pool.run("other", 1001, new Patience(() -> false, Duration.ofMinutes(1)), () -> {
                    begun.countDown();
                    return awaitQuietly(end);
                }));
        request.start();
        begun.await();
        LivePlace place = open(room, "a");
        LiveOperation.Sink sink = (values, offset, count) -> {};

        place.begin(Endpoint.STFT, Map.of("n_fft", "1024"), 1024, sink);
        Map<String, String> large = Map.of("n_fft", "16384", "window", "kaiser", "beta", "700");
        assertThatThrownBy(() -> place.begin(Endpoint.STFT, large, 1024, sink))
                .isInstanceOf(BusyException.class)
                .hasMessageContaining("large requests may wait");
        end.countDown();
        request.join();
        place.begin(Endpoint.STFT, large, 1024, sink);
        place.give("ended");
        room.stop();
    }

    /** Whatever pool it is in: gRPC's calls have a thread each. */
    @Test
    void aTurnIsOneThreads() {
        LiveTurns.Seat seat = new LiveTurns().new Seat("a", new Cancellation(), () -> {});
        AtomicInteger threads = new AtomicInteger();
        ForkJoinPool calls = new ForkJoinPool(8);
        calls.submit(() -> seat.compute(() -> threads.set(Ranges.threads()))).join();
        calls.shutdown();
        assertThat(threads).hasValue(1);
    }

    private static boolean awaitQuietly(CountDownLatch latch) {
        try {
            return latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private LiveRoom room(int most) {
        return new LiveRoom(
                new LiveSettings(most, 16, DataSize.ofKilobytes(64), 20_000_000, 50, 60, 3600, 10, 0),
                new LiveOperations(Calls.LIMITS, Kernels.best(), 20e6),
                Calls.MAXIMA,
                budget.part(50, "live sessions", "phasor.live.memory-share"),
                new LiveMeters(new SimpleMeterRegistry()),
                pool,
                300);
    }

    private static LivePlace open(LiveRoom room, String client) {
        return room.open(client, () -> false, ending -> {});
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void noMoreThanTheSettingWhoeverAsks(int most) {
        LiveRoom room = room(most);
        room.start();
        List<LivePlace> places = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            places.add(open(room, "client " + i));
        }
        long held = budget.reserved();
        assertThatThrownBy(() -> open(room, "another"))
                .isInstanceOf(BusyException.class)
                .hasMessageContaining("phasor.live.sessions");
        assertThat(budget.reserved()).isEqualTo(held);
        if (most > 0) {
            places.remove(0).give("ended");
            places.add(open(room, "another"));
        }
        places.forEach(place -> place.give("ended"));
        assertThat(budget.reserved()).isZero();
        assertThat(room.count()).isZero();
        room.stop();
    }

    /** As contexts are paused and started again. */
    @Test
    void itMayBeStoppedAndStartedAgain() throws Exception {
        LiveRoom room = room(2);
        for (int i = 0; i < 3; i++) {
            room.start();
            open(room, "a").give("ended");
            CountDownLatch stopped = new CountDownLatch(1);
            room.stop(stopped::countDown);
            assertThat(stopped.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(room.isRunning()).isFalse();
            assertThatThrownBy(() -> open(room, "a")).isInstanceOf(BusyException.class);
            CountDownLatch again = new CountDownLatch(1);
            room.stop(again::countDown);
            assertThat(again.getCount()).isZero();
        }
    }

    /** A stop without a grace says why; a session that gives its place back ends it. */
    @Test
    void whoIsOpenIsToldOfTheStop() throws Exception {
        LiveRoom room = room(2);
        room.start();
        CompletableFuture<Ending> told = new CompletableFuture<>();
        LivePlace place = room.open("a", () -> false, told::complete);
        CountDownLatch stopped = new CountDownLatch(1);

        room.stop(stopped::countDown);

        assertThat(told.get(1, TimeUnit.MINUTES).stopping()).isTrue();
        assertThatThrownBy(place::check).isInstanceOf(CancellationException.class);
        place.give("busy");
        assertThat(stopped.await(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    @Timeout(60)
    void whoSendsHoldsNoTurn() {
        LiveTurns turns = new LiveTurns();
        LiveTurns.Seat seat = turns.new Seat("a", new Cancellation(), LiveRoomTest::nothing);
        List<String> done = new ArrayList<>();

        seat.compute(() -> {
            seat.await(() -> {
                takeAllOf("a", turns);
                done.add("sent");
            });
            done.add("computed");
        });

        assertThat(done).containsExactly("sent", "computed");
        takeAllOf("a", turns);
    }

    @Test
    @Timeout(60)
    void whoseClientLeftWhileItSentComputesNoMore() {
        LiveTurns turns = new LiveTurns();
        Cancellation wanted = new Cancellation();
        LiveTurns.Seat seat = turns.new Seat("a", wanted, LiveRoomTest::nothing);

        assertThatThrownBy(() -> seat.compute(() -> seat.await(wanted::cancel)))
                .isInstanceOf(CancellationException.class);
        takeAllOf("a", turns);
    }

    /** What the end of a session leaves to be computed may be many frames. */
    @Test
    @Timeout(60)
    void betweenTheFramesOfALongTurnOthersCome() throws Exception {
        LiveRoom room = room(1);
        room.start();
        LiveTurns turns = new LiveTurns();
        LivePlace place = new LivePlace(room, turns, budget.open("a"), () -> false, ending -> {});
        for (int i = 1; i < turnsOfOne(); i++) {
            turns.take("a", new Cancellation(), LiveRoomTest::nothing);
        }
        CompletableFuture<Void> another = new CompletableFuture<>();
        AtomicInteger framesBefore = new AtomicInteger();
        Thread waits = new Thread(() -> {
            turns.take("a", new Cancellation(), LiveRoomTest::nothing);
            turns.give("a");
            another.complete(null);
        });
        LiveFeed feed =
                place.begin(Endpoint.STFT, Map.of("n_fft", "256", "hop_length", "1"), 64, (values, offset, count) -> {
                    if (framesBefore.get() == 0) {
                        waits.start();
                    }
                    while (framesBefore.get() == 0 && waits.getState() != Thread.State.TIMED_WAITING) {
                        Thread.onSpinWait();
                    }
                    if (!another.isDone()) {
                        framesBefore.incrementAndGet();
                        long until = System.nanoTime() + 1_000_000;
                        while (System.nanoTime() < until) {
                            Thread.onSpinWait();
                        }
                    }
                });
        feed.push(new float[64], 64);
        feed.end();

        assertThat(another).isDone();
        assertThat(framesBefore).hasValueLessThan(64);
        place.give("ended");
        room.stop();
    }

    /** As the end of a stretch does whose first frames reach padding alone. */
    @Test
    @Timeout(60)
    void whoComputesLongAndAnswersNothingLetsOthersCome() {
        LiveTurns turns = new LiveTurns();
        LiveTurns.Seat seat = turns.new Seat("a", new Cancellation(), LiveRoomTest::nothing);
        for (int i = 1; i < turnsOfOne(); i++) {
            turns.take("a", new Cancellation(), LiveRoomTest::nothing);
        }
        CompletableFuture<Void> another = new CompletableFuture<>();

        seat.compute(() -> {
            new Thread(() -> {
                        turns.take("a", new Cancellation(), LiveRoomTest::nothing);
                        turns.give("a");
                        another.complete(null);
                    })
                    .start();
            while (!another.isDone()) {
                Cancellation.current().check();
            }
        });

        assertThat(another).isDone();
    }

    private static void nothing() {}

    private static int turnsOfOne() {
        return Runtime.getRuntime().availableProcessors();
    }

    /** All turns that one client may have are free. */
    private static void takeAllOf(String client, LiveTurns turns) {
        for (int i = 0; i < turnsOfOne(); i++) {
            turns.take(client, new Cancellation(), LiveRoomTest::nothing);
        }
        for (int i = 0; i < turnsOfOne(); i++) {
            turns.give(client);
        }
    }

    @Test
    void oneClientLeavesATurnToTheOthers() throws Exception {
        LiveTurns turns = new LiveTurns();
        int own = turnsOfOne();
        for (int i = 0; i < own; i++) {
            turns.take("greedy", new Cancellation(), LiveRoomTest::nothing);
        }
        Cancellation unwanted = new Cancellation();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            CountDownLatch waits = new CountDownLatch(1);
            CompletableFuture<Void> more = CompletableFuture.runAsync(
                    () -> {
                        waits.countDown();
                        turns.take("greedy", unwanted, LiveRoomTest::nothing);
                    },
                    threads);
            waits.await();
            turns.take("another", new Cancellation(), LiveRoomTest::nothing);
            turns.give("another");
            assertThat(more).isNotDone();
            unwanted.cancel();
            assertThatThrownBy(() -> more.get(1, TimeUnit.MINUTES)).hasCauseInstanceOf(CancellationException.class);
        } finally {
            threads.shutdownNow();
        }
        for (int i = 0; i < own; i++) {
            turns.give("greedy");
        }
        turns.take("greedy", new Cancellation(), LiveRoomTest::nothing);
        turns.give("greedy");
    }
}
