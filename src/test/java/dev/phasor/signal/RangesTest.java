package dev.phasor.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Work on several threads ends and fails as it does on one. */
class RangesTest {

    private static final int TURNS = 50;

    private final ForkJoinPool pool = new ForkJoinPool(4);

    @AfterEach
    void close() {
        pool.shutdown();
    }

    /** Above the length from which Java splits a sort. */
    @Test
    void sortsAsOnOneThread() {
        long[] values = new Random(1).longs(100_000).toArray();
        long[] sorted = values.clone();
        Arrays.sort(sorted, 0, 90_000);
        long[] alone = values.clone();

        pool.submit(() -> Ranges.sort(values, 90_000)).join();
        pool.submit(() -> Ranges.alone(() -> Ranges.sort(alone, 90_000))).join();

        assertThat(values).isEqualTo(sorted);
        assertThat(alone).isEqualTo(sorted);
    }

    /** One of the ways to split work. */
    private interface Split {
        void over(int count, IntConsumer body);
    }

    static Stream<Arguments> splits() {
        Split ranges = (count, body) -> Ranges.forEach(count, 1L << 20, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                body.accept(i);
            }
        });
        Split parts = (count, body) -> Ranges.parts(count, true, body);
        Split each = Ranges::each;
        return Stream.of(arguments("ranges", ranges), arguments("parts", parts), arguments("each", each));
    }

    /** Also in a pool of many threads. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("splits")
    void whatIsAloneStaysOnItsThread(String name, Split split) {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Thread caller = pool.submit(() -> {
                    Ranges.alone(() -> Ranges.alone(() -> {}));
                    Ranges.alone(() -> split.over(1000, part -> {
                        sum(1000);
                        threads.add(Thread.currentThread());
                    }));
                    return Thread.currentThread();
                })
                .join();
        assertThat(threads).containsExactly(caller);
    }

    @Test
    void isAloneToItsEndOnly() {
        assertThatThrownBy(() -> Ranges.alone(() -> {
                    assertThat(Ranges.threads()).isEqualTo(1);
                    throw new IllegalStateException();
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(pool.submit(Ranges::threads).join()).isEqualTo(4);
        assertThat(Ranges.threads()).isGreaterThan(1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("splits")
    void nothingRunsWhenAFailureIsTold(String name, Split split) {
        for (int turn = 0; turn < TURNS; turn++) {
            int failing = turn % 2;
            CountDownLatch both = new CountDownLatch(2);
            AtomicBoolean ended = new AtomicBoolean();
            IntConsumer body = part -> {
                both.countDown();
                awaitQuietly(both);
                if (part == failing) {
                    throw new IllegalStateException("of part " + part);
                }
                ended.set(sum(100_000) > 0);
            };
            pool.submit(() -> {
                        assertThatThrownBy(() -> split.over(2, body))
                                .isExactlyInstanceOf(IllegalStateException.class)
                                .hasMessage("of part " + failing);
                        assertThat(ended).isTrue();
                    })
                    .join();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("splits")
    void theFirstThatFailsTellsWhy(String name, Split split) {
        int count = 16;
        IntConsumer body = part -> {
            sum(1000 * (count - part));
            if (part >= 3) {
                throw new IllegalStateException("of part " + part);
            }
        };
        for (int turn = 0; turn < TURNS; turn++) {
            pool.submit(() -> assertThatThrownBy(() -> split.over(count, body))
                            .isExactlyInstanceOf(IllegalStateException.class)
                            .hasMessage("of part 3"))
                    .join();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("splits")
    void allThreadsHearOfACancellation(String name, Split split) {
        Cancellation wanted = new Cancellation();
        AtomicInteger unheard = new AtomicInteger();
        IntConsumer body = part -> {
            wanted.cancel();
            Cancellation.current().check();
            unheard.incrementAndGet();
        };
        assertThatThrownBy(() -> pool.submit(() -> wanted.run(() -> split.over(16, body)))
                        .join())
                .isInstanceOf(CancellationException.class);
        assertThat(unheard).hasValue(0);
    }

    private static double sum(int terms) {
        double sum = 0;
        for (int i = 1; i <= terms; i++) {
            sum += Math.log(i + sum);
        }
        return sum;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
