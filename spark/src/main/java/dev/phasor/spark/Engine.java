package dev.phasor.spark;

import dev.phasor.compute.BusyException;
import dev.phasor.compute.ClientLimits;
import dev.phasor.compute.ComputePool;
import dev.phasor.compute.ComputeSettings;
import dev.phasor.compute.Limits;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Patience;
import dev.phasor.compute.Spools;
import dev.phasor.compute.StreamLimits;
import dev.phasor.decoder.Decoder;
import dev.phasor.decoder.DecoderSettings;
import dev.phasor.operation.Answer;
import dev.phasor.operation.Call;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Inputs;
import dev.phasor.operation.Intake;
import dev.phasor.operation.Maxima;
import dev.phasor.operation.Operations;
import dev.phasor.operation.Parameters;
import dev.phasor.reconstruction.Kernels;
import java.io.IOException;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * The service's operations in an executor: the same objects, with the threads of one task. The memory is one budget for
 * all tasks of an executor, so that no files together exhaust its heap.
 */
final class Engine {

    /** Seconds that a file may take: a task has no client that waits. */
    private static final int TIMEOUT = 86_400;

    /** Percent of the heap for files; Spark's own share is for what it keeps and shuffles, which is little here. */
    private static final int SHARE = 70;

    private static final DataSize UNBOUNDED = DataSize.ofTerabytes(1);

    /** The service's defaults but for what bounds a body. */
    private static final Limits LIMITS =
            new Limits(UNBOUNDED, UNBOUNDED, SHARE, 2, 1 << 20, 10_000, 20, DataSize.ofKilobytes(4));

    private static final ClientLimits CLIENT = new ClientLimits(100, 16, 100, 100);

    private static final MemoryBudget BUDGET = MemoryBudget.ofHeap(SHARE, 100, 100);

    private static final ReadWriteLock MEMORY = new ReentrantReadWriteLock(true);

    private static final Kernels KERNELS = Kernels.best();

    private static final Decoder DECODER = new Decoder(
            new DecoderSettings("auto", 3600, 1, DataSize.ofMegabytes(256), 0, 10_000),
            CLIENT,
            new Spools(new StreamLimits(UNBOUNDED, UNBOUNDED, DataSize.ofMegabytes(4), UNBOUNDED, null), CLIENT));

    /** Those that no task uses now, by their threads. */
    private static final Map<Integer, Deque<Engine>> IDLE = new HashMap<>();

    private final Operations operations;
    private final Intake intake;
    private final Maxima maxima;

    private Engine(int threads) {
        ComputeSettings settings = new ComputeSettings(threads, threads, 0, 16, 16, 0, 1, TIMEOUT);
        operations = new Operations(
                LIMITS, KERNELS, (endpoint, start, report) -> {}, new ComputePool(settings, CLIENT), settings);
        intake = new Intake(DECODER, LIMITS.maxDecoded().toBytes());
        maxima = maxima(settings.lasting(TIMEOUT));
    }

    static Maxima maxima(ComputeSettings settings) {
        return new Maxima(LIMITS, settings.lasting(TIMEOUT));
    }

    /** What is made with an engine. */
    @FunctionalInterface
    interface Use<T> {
        T of(Engine engine) throws IOException;
    }

    /** Lends an engine that has as many threads as this task has processors. */
    static <T> T with(Use<T> use) throws IOException {
        TaskContext task = TaskContext.get();
        int threads = task == null ? 1 : task.cpus();
        Deque<Engine> idle;
        synchronized (IDLE) {
            idle = IDLE.computeIfAbsent(threads, each -> new ConcurrentLinkedDeque<>());
        }
        @Nullable Engine free = idle.poll();
        Engine engine = free == null ? new Engine(threads) : free;
        try {
            return use.of(engine);
        } finally {
            idle.push(engine);
        }
    }

    /** Puts a file's values where the operation finds them. */
    @FunctionalInterface
    interface Source {
        /** @param description what the file says of its arrays, to be added to */
        void read(Inputs inputs, Map<String, String> description, MemoryBudget.Reservation memory) throws IOException;
    }

    /** Takes an answer while its memory is held. */
    @FunctionalInterface
    interface Sink<T> {
        T take(Answer answer, Call call) throws IOException;
    }

    /**
     * Reads, computes and writes as the service does.
     *
     * @throws dev.phasor.signal.InvalidInputException for what is wrong with the file or the parameters
     * @throws BusyException if the memory is too little, or a decoding was ended from outside
     */
    <T> T answer(Endpoint endpoint, Map<String, String> sent, Source source, Sink<T> sink) throws IOException {
        MEMORY.readLock().lock();
        try {
            return once(endpoint, sent, source, sink);
        } catch (BusyException e) {
            if (e.code() == BusyException.Code.TIMEOUT) {
                throw e;
            }
            // Others hold what it needs: it is tried again alone.
        } finally {
            MEMORY.readLock().unlock();
        }
        MEMORY.writeLock().lock();
        try {
            return once(endpoint, sent, source, sink);
        } finally {
            MEMORY.writeLock().unlock();
        }
    }

    private <T> T once(Endpoint endpoint, Map<String, String> sent, Source source, Sink<T> sink) throws IOException {
        try (MemoryBudget.Reservation memory = BUDGET.open()) {
            Inputs inputs = new Inputs();
            Map<String, String> description = new HashMap<>();
            source.read(inputs, description, memory);
            endpoint.check(inputs);
            Call call = new Call(inputs, new Parameters(endpoint, sent, description, maxima, Set.of()), memory);
            Patience patience = operations.patience(call, ended());
            intake.run(endpoint, call, patience);
            return sink.take(operations.run(endpoint, call, patience), call);
        }
    }

    /** Whether the task was killed: its work ends, too. */
    private static BooleanSupplier ended() {
        TaskContext task = TaskContext.get();
        return task == null ? () -> false : task::isInterrupted;
    }
}
