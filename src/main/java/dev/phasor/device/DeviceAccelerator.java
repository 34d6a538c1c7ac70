package dev.phasor.device;

import dev.phasor.reconstruction.AcceleratedProblem;
import dev.phasor.reconstruction.Accelerator;
import dev.phasor.reconstruction.AcceleratorDevice;
import dev.phasor.reconstruction.AcceleratorFailure;
import dev.phasor.reconstruction.ItemOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** One device: what it takes, how much of it at once, and when it is tried again after a failure. */
public final class DeviceAccelerator implements Accelerator {

    /** Items of a batch at most: their coefficients go through one piece of pinned memory. */
    private static final int MOST_ITEMS = 4096;

    private final String name;
    private final Binding binding;
    private final Programs programs;
    private final DeviceMemory memory;
    private final long largestArray;
    private final Duration retry;
    private final List<AcceleratorDevice> devices;
    private final double leastWork;
    /** {@link System#nanoTime} from which on the device is tried again; 0 while it is well. */
    private final AtomicLong again = new AtomicLong();

    private final LongAdder nanoseconds = new LongAdder();
    private final LongAdder solved = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failures = new LongAdder();

    /**
     * @param memory bytes that computations may hold together
     * @param largestArray bytes of one array at most
     * @param leastWork the least {@link #work} that it is worth
     */
    DeviceAccelerator(
            String name,
            Binding binding,
            DeviceMemory memory,
            long largestArray,
            Duration retry,
            List<AcceleratorDevice> devices,
            double leastWork) {
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
        Optional<String> reason = reason(problem);
        if (reason.isPresent()) {
            refused.increment();
        }
        return reason;
    }

    private Optional<String> reason(AcceleratedProblem problem) {
        int fftSize = problem.stft().parameters().fftSize();
        if (!FrameSize.exists(fftSize)) {
            return Optional.of(
                    "n_fft " + fftSize + " is not a power of two in " + FrameSize.SMALLEST + ".." + FrameSize.LARGEST);
        }
        long until = again.get();
        long left = until - System.nanoTime();
        if (until != 0 && left > 0) {
            return Optional.of("the device failed, and is tried again in " + (left / 1_000_000_000 + 1) + " s");
        }
        double work = work(problem);
        if (work < leastWork) {
            return Optional.of(
                    "too little work: %.3g samples of frames times iterations; the device is faster from %.3g on"
                            .formatted(work, leastWork));
        }
        if (most(problem) < 1) {
            return Optional.of("too large: an item takes " + Solver.bytes(problem, 1) + " bytes of the device, its "
                    + "largest array " + Solver.largest(problem, 1) + "; there are " + memory.most() + " and "
                    + largestArray);
        }
        return Optional.empty();
    }

    /** The items that fit at once. */
    private int most(AcceleratedProblem problem) {
        int items = problem.isObserved() ? 1 : Math.min(problem.items(), MOST_ITEMS);
        while (items > 0
                && (Solver.bytes(problem, items) > memory.most() || Solver.largest(problem, items) > largestArray)) {
            items = items == 1 ? 0 : (items + 1) / 2;
        }
        return items;
    }

    @Override
    public List<ItemOutcome> solve(AcceleratedProblem problem) {
        int most = most(problem);
        List<ItemOutcome> outcomes = new ArrayList<>();
        try {
            for (int from = 0; from < problem.items(); from += most) {
                outcomes.addAll(solve(problem, from, Math.min(most, problem.items() - from)));
            }
        } catch (AcceleratorFailure e) {
            failures.increment();
            // 0 would mean that all is well.
            again.set((System.nanoTime() + retry.toNanos()) | 1);
            throw e;
        }
        again.set(0);
        solved.add(outcomes.size());
        return outcomes;
    }

    private List<ItemOutcome> solve(AcceleratedProblem problem, int from, int items) {
        long bytes = Solver.bytes(problem, items);
        memory.take(bytes);
        long start = System.nanoTime();
        try (Computation computation = new Computation(binding, programs)) {
            return new Solver(computation, problem, from, items).solve();
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
