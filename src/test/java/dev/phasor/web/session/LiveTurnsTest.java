package dev.phasor.web.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.signal.Cancellation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In which order those come who wait. */
@Timeout(60)
class LiveTurnsTest {

    private final LiveTurns turns = new LiveTurns();
    private final List<String> came = Collections.synchronizedList(new ArrayList<>());

    private static void nothing() {}

    private void takeAll() {
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            turns.take("a", new Cancellation(), LiveTurnsTest::nothing);
        }
    }

    private void come(String name, Runnable look) {
        turns.take("a", new Cancellation(), look);
        came.add(name);
        turns.give("a");
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    /** The second one asks while the first one looks whether it is still wanted. */
    @Test
    void whoLooksKeepsTheirPlace() throws Exception {
        takeAll();
        Thread second = new Thread(() -> come("second", LiveTurnsTest::nothing));
        CountDownLatch looked = new CountDownLatch(1);
        Thread first = new Thread(() -> come("first", () -> {
            if (looked.getCount() > 0) {
                second.start();
                awaitWaiting(second);
                looked.countDown();
            }
        }));
        first.start();
        looked.await();
        awaitWaiting(first);

        turns.give("a");
        first.join();
        second.join();

        assertThat(came).containsExactly("first", "second");
    }

    /** Those behind who is no longer wanted come. */
    @Test
    void whoLeavesLosesNoTurn() throws Exception {
        takeAll();
        Cancellation unwanted = new Cancellation();
        CompletableFuture<Void> left = new CompletableFuture<>();
        Thread leaves = new Thread(() -> {
            try {
                turns.take("a", unwanted, LiveTurnsTest::nothing);
            } catch (CancellationException e) {
                left.completeExceptionally(e);
            }
        });
        leaves.start();
        awaitWaiting(leaves);
        Thread behind = new Thread(() -> come("behind", LiveTurnsTest::nothing));
        behind.start();
        awaitWaiting(behind);

        unwanted.cancel();
        assertThatThrownBy(left::get).isInstanceOf(CancellationException.class);
        turns.give("a");
        behind.join();

        assertThat(came).containsExactly("behind");
    }
}
