package dev.phasor.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.phasor.signal.InvalidInputException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** What one request and one client may hold of what all share. */
class SharesTest {

    private final MemoryBudget budget = MemoryBudget.ofHeap(70, 60, 80);

    @Test
    void oneRequestMayHoldItsShareAndNoMore() {
        try (MemoryBudget.Reservation request = budget.open("a")) {
            request.add(percent(59), "it");
            assertThatThrownBy(() -> request.add(percent(2), "it"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("phasor.connection.memory-share");
        }
        assertThat(budget.reserved()).isZero();
    }

    /** What is set aside stays reserved, and is held without asking. */
    @Test
    void whatIsSetAsideIsThereWhenOthersTookTheRest() {
        MemoryBudget all = new MemoryBudget(1000);
        try (MemoryBudget.Reservation request = all.open("a");
                MemoryBudget.Reservation others = all.open("b")) {
            request.add(100, "it");
            request.setAside(300, "it");
            assertThat(all.reserved()).isEqualTo(300);
            others.add(700, "it");
            request.add(200, "it");
            assertThatThrownBy(() -> request.add(1, "it")).isInstanceOf(BusyException.class);
            request.keepAtMost(0);
            assertThat(all.reserved()).isEqualTo(1000);
            request.add(300, "it");
            request.release(50);
            request.setAside(0, "it");
            assertThat(all.reserved()).isEqualTo(950);
            assertThatThrownBy(() -> request.setAside(301, "it")).isInstanceOf(BusyException.class);
            request.keepAtMost(1000);
            assertThat(all.reserved()).isEqualTo(950);
        }
        assertThat(all.reserved()).isZero();
    }

    @Test
    void oneClientMayHoldItsShareInAllAndAnotherTheRest() {
        try (MemoryBudget.Reservation first = budget.open("a");
                MemoryBudget.Reservation second = budget.open("a");
                MemoryBudget.Reservation other = budget.open("b")) {
            first.add(percent(50), "it");
            second.add(percent(29), "it");
            assertThatThrownBy(() -> second.add(percent(2), "it"))
                    .isInstanceOf(BusyException.class)
                    .hasMessageContaining("phasor.client.memory-share");
            // 80 % of the 21 that the first leaves.
            other.add(percent(16), "it");
            assertThatThrownBy(() -> other.add(percent(1), "it"))
                    .isInstanceOf(BusyException.class)
                    .hasMessageContaining("phasor.client.memory-share");
            first.close();
            assertThatCode(() -> second.add(percent(20), "it")).doesNotThrowAnyException();
        }
        assertThat(budget.reserved()).isZero();
    }

    @Test
    void someMayHoldAPartTogetherWhoeverTheyAre() {
        MemoryBudget.Part part = budget.part(50, "sessions", "a setting");
        try (MemoryBudget.Reservation first = part.open("a");
                MemoryBudget.Reservation second = part.open("b");
                MemoryBudget.Reservation request = budget.open("c")) {
            first.add(percent(30), "it");
            // Of the part, too, one client leaves the others some.
            for (MemoryBudget.Reservation one : List.of(first, second)) {
                assertThatThrownBy(() -> one.add(percent(17), "it"))
                        .isInstanceOf(BusyException.class)
                        .hasMessageContaining("sessions may hold 50 % of the memory together (a setting)");
            }
            request.add(percent(55), "it");
            // What the budget refuses is not held in the part.
            assertThatThrownBy(() -> second.add(percent(15), "it"))
                    .isInstanceOf(BusyException.class)
                    .hasMessageContaining("phasor.client.memory-share");
            request.close();
            second.add(percent(15), "it");
        }
        assertThat(budget.reserved()).isZero();
        try (MemoryBudget.Reservation again = part.open("d")) {
            again.add(percent(39), "it");
        }
    }

    @Test
    void promisesTakeNoMoreThanAQuarter() {
        try (MemoryBudget.Reservation request = budget.open("a")) {
            request.add(percent(24), "it");
            assertThat(request.ahead(2)).isBetween(percent(1), percent(2));
            request.add(percent(2), "it");
            assertThat(request.ahead(2)).isZero();
        }
    }

    /** A message is read while the next one comes: each thread adds after the other. */
    @Test
    void oneThreadAtATimeAddsToAReservation() throws Exception {
        try (MemoryBudget.Reservation request = budget.open("a")) {
            Thread other = new Thread(() -> request.add(10, "it"));
            synchronized (request) {
                other.start();
                await().until(() -> other.getState() == Thread.State.BLOCKED || !other.isAlive());
                assertThat(budget.reserved()).isZero();
            }
            other.join();
            assertThat(budget.reserved()).isEqualTo(10);
        }
    }

    /** Its buffers count from its first byte to the end, beside what the answer takes. */
    @Test
    void aRequestHoldsItsBuffersFromTheStart() {
        try (MemoryBudget.Reservation request = budget.openRequest("a")) {
            assertThat(budget.reserved()).isEqualTo(MemoryBudget.REQUEST);
            request.add(1000, "it");
            request.keep(10, "the answer");
            assertThat(budget.reserved()).isEqualTo(MemoryBudget.REQUEST + 10);
            request.keep(5000, "the answer");
            assertThat(budget.reserved()).isEqualTo(MemoryBudget.REQUEST + 5000);
        }
        assertThat(budget.reserved()).isZero();
    }

    @Test
    void oneClientDoesNotHoldAllThePlacesOfFlowingFiles() {
        Streams streams = new Streams(ForkJoinPool::commonPool, 0, 3);
        Patience patience = new Patience(() -> false, Duration.ofMinutes(1));
        Streams.Stream first = streams.open(patience, "a", 2);
        try (Streams.Stream second = streams.open(patience, "a", 2)) {
            assertThatThrownBy(() -> streams.open(patience, "a", 2))
                    .isInstanceOf(BusyException.class)
                    .hasMessageContaining("phasor.client.streams");
            streams.open(patience, "b", 2).close();
            first.close();
            streams.open(patience, "a", 2).close();
        }
        assertThat(streams.running()).isZero();
        assertThat(streams.rejected()).isEqualTo(1);
    }

    private long percent(int share) {
        return budget.capacity() / 100 * share;
    }
}
