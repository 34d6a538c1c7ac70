package dev.phasor.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.phasor.signal.Cancellation;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeviceMemoryTest {

    private final DeviceMemory memory = new DeviceMemory(100);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    /** A small one does not pass a large one that came before it. Both do not fit, so that one is over first. */
    @Test
    void isGivenInTheOrderOfAsking() {
        List<String> order = new CopyOnWriteArrayList<>();
        memory.take(60);
        CompletableFuture<Void> large = CompletableFuture.runAsync(
                () -> {
                    memory.take(90);
                    order.add("large");
                    memory.giveBack(90);
                },
                threads);
        await().until(() -> memory.waiting() == 1);
        CompletableFuture<Void> small = CompletableFuture.runAsync(
                () -> {
                    memory.take(20);
                    order.add("small");
                    memory.giveBack(20);
                },
                threads);
        await().until(() -> memory.waiting() == 2);
        assertThat(memory.held()).isEqualTo(60);
        memory.giveBack(60);
        CompletableFuture.allOf(large, small).join();
        assertThat(order).containsExactly("large", "small");
        assertThat(memory.held()).isZero();
    }

    @Test
    void whoIsNoLongerWantedLeavesTheLine() {
        memory.take(100);
        Cancellation unwanted = new Cancellation();
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> unwanted.run(() -> memory.take(1)), threads);
        await().until(() -> memory.waiting() == 1);
        unwanted.cancel();
        assertThatThrownBy(waiting::join).hasRootCauseInstanceOf(CancellationException.class);
        assertThat(memory.waiting()).isZero();
        assertThat(memory.held()).isEqualTo(100);
    }
}
