package dev.phasor.device;

import dev.phasor.reconstruction.AcceleratedMap;
import dev.phasor.reconstruction.AcceleratedProblem;
import dev.phasor.reconstruction.Accelerator;
import dev.phasor.reconstruction.AcceleratorDevice;
import dev.phasor.reconstruction.AcceleratorFailure;
import dev.phasor.reconstruction.ItemOutcome;
import dev.phasor.stft.Stft;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/** One device: what it takes, how much of it at once, and when it is tried again after a failure. */
public final class DeviceAccelerator implements Accelerator {

    /** Items of a batch at most: their coefficients go through one piece of pinned memory, and a driver's grid ends. */
    private static final int MOST_ITEMS = 4096;

    private final String name;
    private final Binding binding;
    private final Programs programs;
    private final DeviceMemory memory;
    private final long largestArray;
    private final Duration retry;
    private final List<AcceleratorDevice> devices;
    private final LeastWork leastWork;
    /** {@link System#nanoTime} from which on the device is tried again; 0 while it is well. */
    private final AtomicLong again = new AtomicLong();

    private final LongAdder nanoseconds = new LongAdder();
    private final LongAdder solved = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /**
     * @param memory bytes that computations may hold together
     * @param largestArray bytes of one array at most
     */
    DeviceAccelerator(
            String name,
            Binding binding,
            DeviceMemory memory,
            long largestArray,
            Duration retry,
            List<AcceleratorDevice> devices,
            LeastWork leastWork) {
        this.name = name;
        this.binding = binding;
        this.memory = memory;
        this.largestArray = largestArray;
        this.retry = retry;
        this.devices = List.copyOf(devices);
        this.leastWork = leastWork;
        programs = new Programs(binding);
    }

    @Override
    public boolean exists() {
        return true;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<AcceleratorDevice> devices() {
        return devices;
    }

    /** Samples of frames that a problem passes over: items, frames, n_fft and iterations multiplied. */
    static double work(AcceleratedProblem problem) {
        return (double) problem.items()
                * problem.frames()
                * problem.stft().parameters().fftSize()
                * problem.parameters().iterations();
    }

    @Override
    public Optional<String> refusal(AcceleratedProblem problem) {
        double work = work(problem);
        double least = leastWork.iterated();
        return reason(problem.stft())
                .or(() -> work < least
                        ? Optional.of(("too little work: %.3g samples of frames times iterations; the device is faster "
                                        + "from %.3g on")
                                .formatted(work, least))
                        : Optional.empty())
                .or(() -> tooLarge(most(problem), Solver.bytes(problem, 1), Solver.largest(problem, 1)))
                .map(this::counted);
    }

    @Override
    public Optional<String> refusal(AcceleratedMap map) {
        double least = leastWork.of(map.kind());
        return reason(map.stft())
                .or(() -> least == Double.POSITIVE_INFINITY
                        ? Optional.of("the host's cores measured faster at it")
                        : Optional.empty())
                .or(() -> map.work() < least
                        ? Optional.of("too little work: %.3g values; the device is faster from %.3g on"
                                .formatted(map.work(), least))
                        : Optional.empty())
                .or(() -> tooLarge(most(map), OnePass.bytes(map, 1), OnePass.largest(map, 1)))
                .map(this::counted);
    }

    private String counted(String reason) {
        refused.increment();
        return reason;
    }

    /** Why it computes nothing now, or nothing by this transform. */
    private Optional<String> reason(@Nullable Stft stft) {
        if (stft != null && !FrameSize.exists(stft.parameters().fftSize())) {
            return Optional.of("n_fft " + stft.parameters().fftSize() + " is not a power of two in "
                    + FrameSize.SMALLEST + ".." + FrameSize.LARGEST);
        }
        long until = again.get();
        long left = until - System.nanoTime();
        return until != 0 && left > 0
                ? Optional.of("the device failed, and is tried again in " + (left / 1_000_000_000 + 1) + " s")
                : Optional.empty();
    }

    private Optional<String> tooLarge(int most, long bytes, long largest) {
        return most > 0
                ? Optional.empty()
                : Optional.of("too large: an item takes " + bytes + " bytes of the device, its largest array " + largest
                        + "; there are " + memory.most() + " and " + largestArray);
    }

    private int most(AcceleratedProblem problem) {
        int items = problem.isObserved() ? 1 : Math.min(problem.items(), MOST_ITEMS);
        return most(items, count -> Solver.bytes(problem, count), count -> Solver.largest(problem, count));
    }

    private int most(AcceleratedMap map) {
        int items = Math.min(map.items(), MOST_ITEMS);
        return most(items, count -> OnePass.bytes(map, count), count -> OnePass.largest(map, count));
    }

    /** The items that fit at once, at most {@code items}. */
    private int most(int items, IntToLongFunction bytes, IntToLongFunction largest) {
        int most = items;
        while (most > 0 && (bytes.applyAsLong(most) > memory.most() || largest.applyAsLong(most) > largestArray)) {
            most = most == 1 ? 0 : (most + 1) / 2;
        }
        return most;
    }

    @Override
    public List<ItemOutcome> solve(AcceleratedProblem problem) {
        List<ItemOutcome> outcomes = new ArrayList<>();
        batches(
                problem.items(),
                most(problem),
                count -> Solver.bytes(problem, count),
                (computation, from, count) -> outcomes.addAll(new Solver(computation, problem, from, count).solve()));
        return outcomes;
    }

    @Override
    public void compute(AcceleratedMap map) {
        batches(
                map.items(),
                most(map),
                count -> OnePass.bytes(map, count),
                (computation, from, count) -> new OnePass(computation, map, from, count).run());
    }

    /** What computes some items. */
    private interface Batch {
        void run(Computation computation, int from, int items);
    }

    private void batches(int items, int most, IntToLongFunction bytes, Batch batch) {
        try {
            for (int from = 0; from < items; from += most) {
                int count = Math.min(most, items - from);
                run(from, count, bytes.applyAsLong(count), batch);
            }
        } catch (AcceleratorFailure e) {
            failures.increment();
            // 0 would mean that all is well.
            again.set((System.nanoTime() + retry.toNanos()) | 1);
            throw e;
        }
        again.set(0);
        solved.add(items);
    }

    private void run(int from, int items, long bytes, Batch batch) {
        memory.take(bytes);
        long start = System.nanoTime();
        try (Computation computation = new Computation(binding, programs)) {
            batch.run(computation, from, items);
        } finally {
            nanoseconds.add(System.nanoTime() - start);
            memory.giveBack(bytes);
        }
    }

    /** Seconds that computations took, the host's part of them included. */
    public double seconds() {
        return nanoseconds.sum() / 1e9;
    }

    /** Items that the device computed. */
    public long solved() {
        return solved.sum();
    }

    /** Requests that it left to the host. */
    public long refused() {
        return refused.sum();
    }

    public long failures() {
        return failures.sum();
    }

    /** Bytes of its memory that are reserved. */
    public long heldBytes() {
        return memory.held();
    }

    /** Bytes of its memory that may be reserved. */
    public long mostBytes() {
        return memory.most();
    }

    /** Computations that wait for its memory. */
    public int waiting() {
        return memory.waiting();
    }
}
