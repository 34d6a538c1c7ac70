package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.LiveHeap;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.SpectrogramLayout;
import dev.phasor.operation.Calls.Example;
import dev.phasor.signal.PlaneOrder;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a call reserves is at least what it holds at once, and at most three times as much: of one pass what is
 * allocated, of all the most in use after collections.
 */
class AccountTest {

    private static final int THREADS = 2;
    private static final String WORKERS = "account-test-";
    private static final ForkJoinPool POOL = pool();

    private static ForkJoinPool pool() {
        return new ForkJoinPool(
                THREADS,
                pool -> {
                    ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
                    thread.setName(WORKERS + thread.getPoolIndex());
                    return thread;
                },
                null,
                false);
    }

    /** What the rest of the process may take or leave meanwhile. */
    private static final long NOISE = 2 << 20;

    /**
     * A collection may miss the moment when most is held: as many runs as it takes to see a third of what was reserved.
     */
    private static final int MOST_RUNS = 40;

    private static final long LARGE = 1 << 16;

    @AfterAll
    static void close() {
        POOL.shutdown();
    }

    /** Of these nearly all that is allocated is held until the end. */
    private static final Set<String> IN_ONE_PASS =
            Set.of("stft", "stft to subbands", "istft", "phase of audio", "phase", "phase_vjp", "recombine");

    static Stream<Example> inOnePass() {
        return Stream.of(
                        Calls.of(4, 1024, 256, 400).stream().filter(example -> IN_ONE_PASS.contains(example.name())),
                        muchLonger(),
                        inTwoOrders())
                .flatMap(examples -> examples);
    }

    /** A spectrogram as librosa has it, in Fortran order, beside a cotangent in numpy's usual one. */
    private static Stream<Example> inTwoOrders() {
        SpectrogramShape shape = new SpectrogramShape(Shape.SCALAR, 513, 2000);
        NpyArray z = NpyArray.ofZeros(shape, PlaneOrder.FRAMES_FIRST, SpectrogramLayout.COMPLEX);
        Arrays.fill(z.real(), 1);
        Inputs inputs =
                Calls.inputs("spectrogram", z, "cotangent", NpyArray.real(shape.shape(), ones(z.real().length)));
        return Stream.of(new Example("phase_vjp in two orders", Endpoint.PHASE_VJP, inputs, Map.of()));
    }

    /** Answers that are far longer than their frames reach. */
    private static Stream<Example> muchLonger() {
        Map<String, String> parameters = Map.of("length", "5000000");
        Inputs spectrogram = Calls.inputs("spectrogram", NpyArray.complex(Shape.of(5, 7), ones(35), ones(35)));
        Inputs audio = Calls.inputs("audio", NpyArray.real(Shape.of(64), ones(64)));
        Map<String, String> short64 = Map.of("length", "5000000", "n_fft", "64", "input", "audio");
        return Stream.of(
                new Example("longer from frames", Endpoint.ISTFT, spectrogram, parameters),
                new Example("longer from frames, with figures", Endpoint.RECONSTRUCT, spectrogram, parameters),
                new Example("longer from audio", Endpoint.RECONSTRUCT, audio, short64));
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    static Stream<Example> five() {
        Stream<Example> all = Stream.of(
                        Calls.of(4, 1024, 256, 300),
                        Calls.of(1, 1024, 256, 1500),
                        Calls.of(64, 1024, 256, 20),
                        Calls.of(3, 1009, 100, 300),
                        Calls.of(1, 65536, 16384, 16))
                .flatMap(examples -> examples.stream());
        return Stream.concat(all, Stream.of(repair(65, 2000), repair(8193, 30)));
    }

    /** Of noise, behind 200 iterations. */
    private static Example repair(int bins, int frames) {
        float[] magnitude = new float[bins * frames];
        Random random = new Random(5);
        for (int i = 0; i < magnitude.length; i++) {
            magnitude[i] = random.nextFloat();
        }
        Inputs inputs = Calls.inputs("magnitude", NpyArray.real(Shape.of(bins, frames), magnitude));
        return new Example("repair", Endpoint.RECONSTRUCT, inputs, Map.of("n_iter", "215", "sample_rate", "16000"));
    }

    @ParameterizedTest
    @MethodSource("inOnePass")
    void isWhatIsAllocated(Example example) throws IOException {
        long reserved = example.account(THREADS).bytes();
        long allocated = 0;
        // On a busy machine one thread may do the work of all, with arrays for itself alone.
        for (int run = 0; run == 0 || run < 10 && reserved > 3 * allocated + NOISE; run++) {
            allocated = Math.max(
                    allocated, largeArrays(() -> POOL.submit(example::run).join()));
        }

        assertThat(reserved).as("reserved").isBetween(allocated - NOISE, 3 * allocated + NOISE);
    }

    /** Bytes of the large arrays that the pool's threads make: vectors are objects too until their code is compiled. */
    private static long largeArrays(Runnable work) throws IOException {
        Path file = Files.createTempFile("allocations", ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.ObjectAllocationOutsideTLAB").withoutStackTrace();
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getThread() != null
                            && event.getThread().getJavaName().startsWith(WORKERS))
                    .mapToLong(event -> event.getLong("allocationSize"))
                    .filter(bytes -> bytes >= LARGE)
                    .sum();
        } finally {
            Files.delete(file);
        }
    }

    @Tag("exhaustive")
    @ParameterizedTest
    @MethodSource("five")
    void isWhatIsHeldAtFiveSizes(Example example) throws InterruptedException, IOException {
        check(example);
    }

    static Stream<Example> lookingSmall() {
        Inputs one = Calls.inputs("audio", NpyArray.real(Shape.of(1), new float[] {1}));
        Inputs many = Calls.inputs("audio", NpyArray.real(Shape.of(20_000, 9), new float[180_000]));
        NpyArray audio = NpyArray.real(Shape.of(1700), new float[1700]);
        Map<String, String> mels =
                Map.of("n_fft", "2", "hop_length", "1", "n_mels", "4096", "sample_rate", "16000", "log", "ln");
        Map<String, String> loss = new HashMap<>(mels);
        loss.put("loss", "mel");
        return Stream.of(
                new Example("many mels of few bins", Endpoint.MEL, Calls.inputs("audio", audio), mels),
                new Example(
                        "a full filterbank",
                        Endpoint.MEL,
                        Calls.inputs(
                                "audio",
                                NpyArray.real(Shape.of(41_000), new float[41_000]),
                                "filterbank",
                                NpyArray.real(Shape.of(1100, 257), new float[1100 * 257])),
                        Map.of("n_fft", "512", "hop_length", "64")),
                new Example(
                        "their adjoint",
                        Endpoint.MEL_VJP,
                        Calls.inputs("audio", audio, "cotangent", NpyArray.real(Shape.of(1), new float[1])),
                        mels),
                new Example(
                        "a loss of them",
                        Endpoint.RECONSTRUCT_VJP,
                        Calls.inputs("audio", audio, "target", audio),
                        loss),
                new Example(
                        "items of nine samples",
                        Endpoint.RECONSTRUCT,
                        many,
                        Map.of("hop_length", "2147483647", "n_fft", "2", "input", "audio")),
                new Example(
                        "a Kaiser window",
                        Endpoint.STFT,
                        one,
                        Map.of("n_fft", "1048576", "window", "kaiser", "beta", "700")),
                new Example("a prime n_fft", Endpoint.STFT, one, Map.of("n_fft", "1048573")),
                new Example(
                        "a long answer",
                        Endpoint.ISTFT,
                        Calls.inputs("spectrogram", NpyArray.complex(Shape.of(2, 2), new float[4], new float[4])),
                        Map.of("length", "500000000")));
    }

    @ParameterizedTest
    @MethodSource("lookingSmall")
    void whatLooksSmallIsNoWorkForTheLaneOfTheSmall(Example example) {
        assertThat(example.account(THREADS).work()).isGreaterThan(Calls.SMALL_WORK);
    }

    /** Its points are held as doubles by the account, by the operation, and at another pitch. */
    @Test
    void theTimeMapOfAStretchCounts() {
        int points = 1 << 20;
        long more = stretch(points).account(THREADS).bytes()
                - stretch(2).account(THREADS).bytes();
        assertThat(more).isGreaterThanOrEqualTo(3L * 2 * Double.BYTES * (points - 2));
    }

    /** It is made on the connection's thread, before there is memory for anything. */
    @ParameterizedTest
    @MethodSource("large")
    void takesNoMemoryItself(Example example) throws IOException {
        assertThat(largeArrays(() -> POOL.submit(() -> example.account(THREADS)).join()))
                .isZero();
    }

    static Stream<Example> large() {
        return Stream.concat(Calls.of(4, 1024, 256, 300).stream(), Stream.of(stretch(1_000_000)));
    }

    /** To a second, by so many points. */
    private static Example stretch(int points) {
        float[] seconds = new float[2 * points];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = (float) (i / 2) / (points - 1);
        }
        NpyArray audio = NpyArray.real(Shape.of(9), new float[9]);
        NpyArray map = NpyArray.real(Shape.of(points, 2), seconds);
        Map<String, String> parameters = Map.of("sample_rate", "16000", "n_fft", "16");
        return new Example("time map", Endpoint.STRETCH, Calls.inputs("audio", audio, "time_map", map), parameters);
    }

    private static void check(Example example) throws InterruptedException, IOException {
        long reserved = example.account(THREADS).bytes();
        POOL.submit(example::run).join();
        // Calls of one pass are over before a collection sees what they hold.
        long held = IN_ONE_PASS.contains(example.name())
                ? largeArrays(() -> POOL.submit(example::run).join())
                : 0;
        for (int run = 0; run < MOST_RUNS && 3 * (held + NOISE) < reserved; run++) {
            held = Math.max(
                    held, LiveHeap.heldBy(() -> POOL.submit(example::run).join()));
            assertThat(held).as("held").isLessThanOrEqualTo(reserved + NOISE);
        }
        assertThat(reserved).as("reserved for %s", example).isLessThanOrEqualTo(3 * (held + NOISE));
    }
}
