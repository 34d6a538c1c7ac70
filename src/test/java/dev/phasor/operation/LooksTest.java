package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.codec.NpyArray;
import dev.phasor.operation.Calls.Example;
import dev.phasor.signal.Cancellation;
import dev.phasor.signal.Shape;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Work looks whether it is still wanted every 50 ms at least, whatever its frames, samples and bins are. Times are
 * those of a thread on a core, so that a busy machine does not count.
 */
class LooksTest {

    private static final long MOST_NANOS = 50_000_000;

    private static final ForkJoinPool POOL = new ForkJoinPool(2);

    @AfterAll
    static void close() {
        POOL.shutdown();
    }

    /** Many frames of 2 bins, and few of many. */
    static Stream<Example> everywhere() {
        return Stream.of(
                        Calls.of(1, 2, 1, 300_000),
                        Calls.of(1, 64, 16, 20_000),
                        Calls.of(1, 131071, 20_000, 5),
                        Calls.of(4_000, 32, 8, 3))
                .flatMap(examples -> examples.stream());
    }

    /** Those that went on for seconds before. */
    static Stream<Example> atTheLargest() {
        NpyArray one = NpyArray.real(Shape.of(1), new float[] {1});
        NpyArray speckled = NpyArray.real(Shape.of((1 << 19) + 1, 2), speckled((1 << 20) + 2));
        return Stream.of(
                new Example(
                        "a Kaiser window of 2^20",
                        Endpoint.STFT,
                        Calls.inputs("audio", one),
                        Map.of("n_fft", "1048576", "window", "kaiser", "beta", "700")),
                new Example(
                        "4096 filters of a million bins",
                        Endpoint.MEL,
                        Calls.inputs("audio", one),
                        Map.of("n_fft", "1048576", "n_mels", "4096", "sample_rate", "16000")),
                new Example(
                        "filters that all overlap",
                        Endpoint.RECONSTRUCT,
                        Calls.inputs(
                                "mel",
                                NpyArray.real(Shape.of(400, 40), speckled(400 * 40)),
                                "filterbank",
                                NpyArray.real(Shape.of(400, 1025), speckled(400 * 1025))),
                        Map.of("n_iter", "4", "sample_rate", "16000", "n_fft", "2048")),
                new Example(
                        "a window by a power of two",
                        Endpoint.RECONSTRUCT,
                        Calls.inputs("magnitude", speckled),
                        Map.of("algorithm", "rtpghi")),
                new Example(
                        "frames that overlap by all but two samples",
                        Endpoint.RECONSTRUCT,
                        Calls.inputs("magnitude", NpyArray.real(Shape.of(16385, 3), speckled(3 * 16385))),
                        Map.of("algorithm", "rtisi_la", "hop_length", "2", "n_iter", "8")));
    }

    @ParameterizedTest
    @MethodSource("atTheLargest")
    void looksInTime(Example example) {
        check(example);
    }

    @Tag("exhaustive")
    @ParameterizedTest
    @MethodSource("everywhere")
    void looksInTimeEverywhere(Example example) {
        check(example);
    }

    private static void check(Example example) {
        // The first runs compile, on Java 25 more of them.
        Watched watched = new Watched();
        for (int run = 0; run < 30 && (run < 2 || watched.longest > MOST_NANOS); run++) {
            watched = new Watched();
            Watched of = watched;
            POOL.submit(() -> of.call(example::run)).join();
        }
        assertThat(watched.longest)
                .as("nanoseconds between two looks, before " + watched.where)
                .isLessThan(MOST_NANOS);
    }

    private static float[] speckled(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i % 2 == 0 ? 1 + i % 77 : 0;
        }
        return values;
    }

    /** The longest time on a core that a thread let pass between two looks. */
    private static final class Watched extends Cancellation {

        private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

        private final ThreadLocal<Long> last = ThreadLocal.withInitial(THREADS::getCurrentThreadCpuTime);
        private volatile long longest;
        private volatile String where = "";

        @Override
        public void check() throws CancellationException {
            look();
            super.check();
        }

        @Override
        public <T> T call(Supplier<T> work) {
            // What the thread did before is not this work.
            last.set(THREADS.getCurrentThreadCpuTime());
            try {
                return super.call(work);
            } finally {
                look();
            }
        }

        private void look() {
            long now = THREADS.getCurrentThreadCpuTime();
            long passed = now - last.get();
            last.set(now);
            if (passed > longest) {
                synchronized (this) {
                    if (passed > longest) {
                        longest = passed;
                        where = StackWalker.getInstance()
                                .walk(frames -> frames.filter(
                                                frame -> frame.getClassName().startsWith("dev.phasor")
                                                        && !frame.getClassName().contains("LooksTest"))
                                        .limit(4)
                                        .toList()
                                        .toString());
                    }
                }
            }
        }
    }
}
