package dev.phasor.web.session;

import dev.phasor.compute.MemoryBudget;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.LiveOperation;
import dev.phasor.operation.LiveOperations;
import dev.phasor.operation.Parameter;
import dev.phasor.operation.Parameters;
import dev.phasor.signal.Cancellation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** The place of one session: what it holds, and when it was heard. Of its methods the session calls one at a time. */
public final class LivePlace {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final LiveRoom room;
    private final MemoryBudget.Reservation memory;
    private final BooleanSupplier hasLeft;
    private final Consumer<Ending> farewell;
    private final LiveTurns.Seat seat;
    private final Cancellation wanted = new Cancellation();
    private final long since = System.nanoTime();
    private long looked = since;
    private boolean given;
    private volatile long heard = since;
    private volatile boolean busy;
    private volatile boolean held;
    /** Why it was cancelled. */
    private volatile Ending why = Ending.ofStop();

    LivePlace(
            LiveRoom room,
            LiveTurns turns,
            MemoryBudget.Reservation memory,
            BooleanSupplier hasLeft,
            Consumer<Ending> farewell) {
        this.room = room;
        this.memory = memory;
        this.hasLeft = hasLeft;
        this.farewell = farewell;
        seat = turns.new Seat(memory.client(), wanted, this::look);
    }

    String client() {
        return memory.client();
    }

    /** Nobody reads the connection while a message is computed, so its end is looked for. */
    private void look() {
        long now = System.nanoTime();
        if (now - looked > LOOK_NANOS) {
            looked = now;
            if (hasLeft.getAsBoolean()) {
                throw new UncheckedIOException(new IOException("the client has left"));
            }
        }
    }

    /**
     * While something is waited for.
     *
     * @throws CancellationException if the session is no longer wanted
     * @throws UncheckedIOException if its client has left
     */
    public void check() {
        wanted.check();
        look();
    }

    /** As {@link #check}, for those who ask whether it has ended. */
    private boolean isOver() {
        check();
        return false;
    }

    /**
     * Begins what is fed.
     *
     * @param parameters of the operation, as a request would send them
     * @param push values of the longest push
     * @param sink receives the answer
     * @throws dev.phasor.signal.InvalidInputException for what the operation cannot be fed with
     * @throws dev.phasor.compute.BusyException if the memory is not free, or no thread to make large tables
     */
    public LiveFeed begin(Endpoint endpoint, Map<String, String> parameters, int push, LiveOperation.Sink sink) {
        Parameters read = new Parameters(endpoint, parameters, room.maxima(), LiveOperations.WITHOUT);
        LiveOperation operation = room.compute(
                client(),
                room.operations().making(read),
                this::isOver,
                () -> room.operations().begin(endpoint, read, push, memory, sink));
        double hopSeconds = read.find(Parameter.SAMPLE_RATE)
                .map(rate -> (double) operation.hopLength() / rate)
                .orElse(0.0);
        return new LiveFeed(operation, seat, room.meters(), endpoint.wireName(), hopSeconds);
    }

    /** Reserves more for the session. */
    public void reserve(long bytes, String what) {
        memory.add(bytes, what);
    }

    /** Before a callback of the session. */
    public void enter() {
        heard = System.nanoTime(); // before it is busy: it has not computed since it was heard last
        busy = true;
    }

    /** After it. */
    public void leave() {
        heard = System.nanoTime();
        busy = false;
    }

    /** What it is sent is not read until {@link #release}, so it is not silent meanwhile. */
    public void hold() {
        held = true;
    }

    /** Its messages are read again. */
    public void release() {
        heard = System.nanoTime();
        held = false;
    }

    /** Ends what is being computed, from any thread. */
    public void cancel(Ending reason) {
        why = reason;
        wanted.cancel();
    }

    /** Why the session ends, by what its callback threw. */
    public Ending ending(RuntimeException fault) {
        if (fault instanceof CancellationException) {
            return why;
        }
        return fault instanceof UncheckedIOException ? Ending.left() : Ending.of(fault);
    }

    /**
     * Gives back what the session holds. May be called again.
     *
     * @param reason for the meters
     */
    public void give(String reason) {
        if (!given) {
            given = true;
            memory.close();
            room.left(this, reason);
        }
    }

    // ---------- the clock's thread

    boolean isBusy() {
        return busy;
    }

    boolean isHeld() {
        return held;
    }

    long nanosSinceHeard(long now) {
        return now - heard;
    }

    long age(long now) {
        return now - since;
    }

    /** A callback that runs ends by itself, and says why. */
    void end(Ending ending) {
        cancel(ending);
        farewell.accept(ending);
    }
}
