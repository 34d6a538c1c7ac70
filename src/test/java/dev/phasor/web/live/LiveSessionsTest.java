package dev.phasor.web.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.compute.BusyException;
import dev.phasor.signal.Cancellation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** How many sessions there may be, and who computes. */
class LiveSessionsTest {

    private static LiveSessions sessions(int most) {
        return new LiveSessions(
                new LiveSettings(most, 16, DataSize.ofKilobytes(64), 20_000_000, 50, 60, 3600, 10, 0), 300);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void noMoreThanTheSettingWhoeverAsks(int most) {
        LiveSessions sessions = sessions(most);
        sessions.start();
        for (int i = 0; i < most; i++) {
            sessions.take("client " + i);
        }
        assertThatThrownBy(() -> sessions.take("another"))
                .isInstanceOf(BusyException.class)
                .hasMessageContaining("phasor.live.sessions");
        if (most > 0) {
            sessions.give("client 0");
            sessions.take("another");
        }
        sessions.stop();
    }

    /** As contexts are paused and started again. */
    @Test
    void theyMayBeStoppedAndStartedAgain() throws Exception {
        LiveSessions sessions = sessions(2);
        for (int i = 0; i < 3; i++) {
            sessions.start();
            sessions.take("a");
            sessions.give("a");
            CountDownLatch stopped = new CountDownLatch(1);
            sessions.stop(stopped::countDown);
            assertThat(stopped.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(sessions.isRunning()).isFalse();
            assertThatThrownBy(() -> sessions.take("a")).isInstanceOf(BusyException.class);
            CountDownLatch again = new CountDownLatch(1);
            sessions.stop(again::countDown);
            assertThat(again.getCount()).isZero();
        }
    }

    @Test
    @Timeout(60)
    void whoSendsHoldsNoTurn() {
        LiveTurns turns = new LiveTurns();
        LiveTurns.Seat seat = turns.new Seat("a", new Cancellation(), LiveSessionsTest::nothing);
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
        LiveTurns.Seat seat = turns.new Seat("a", wanted, LiveSessionsTest::nothing);

        assertThatThrownBy(() -> seat.compute(() -> seat.await(wanted::cancel)))
                .isInstanceOf(CancellationException.class);
        takeAllOf("a", turns);
    }

    private static void nothing() {}

    private static int turnsOfOne() {
        return Math.max(2, Runtime.getRuntime().availableProcessors()) - 1;
    }

    /** All turns that one client may have are free. */
    private static void takeAllOf(String client, LiveTurns turns) {
        for (int i = 0; i < turnsOfOne(); i++) {
            turns.take(client, new Cancellation(), LiveSessionsTest::nothing);
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
            turns.take("greedy", new Cancellation(), LiveSessionsTest::nothing);
        }
        Cancellation unwanted = new Cancellation();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            CountDownLatch waits = new CountDownLatch(1);
            CompletableFuture<Void> more = CompletableFuture.runAsync(
                    () -> {
                        waits.countDown();
                        turns.take("greedy", unwanted, LiveSessionsTest::nothing);
                    },
                    threads);
            waits.await();
            turns.take("another", new Cancellation(), LiveSessionsTest::nothing);
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
        turns.take("greedy", new Cancellation(), LiveSessionsTest::nothing);
        turns.give("greedy");
    }
}
