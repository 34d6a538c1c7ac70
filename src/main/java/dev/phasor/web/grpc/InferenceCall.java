package dev.phasor.web.grpc;

import static java.util.Objects.requireNonNull;

import dev.phasor.compute.BusyException;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.web.access.Charge;
import dev.phasor.web.access.OverQuotaException;
import dev.phasor.web.telemetry.RequestLines;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A call from its first byte to its last: what it holds, how it goes on, and how it ends. The transport tells of bytes
 * as they come and go. What the call holds is given back when its stream is closed and nothing runs for it. The file is
 * long because the life of a call is in one place: bytes in, answers out, and every end.
 */
final class InferenceCall extends ServerStreamTracer {

    static final Context.Key<InferenceCall> KEY = Context.key("call");

    /** A message is in the transport's buffers, and in the array that it is parsed from. */
    private static final int HELD = 2;

    /**
     * A piece of a message that is shorter than {@link #PIECE} bytes is reserved as the buffer that it came in, which
     * it may keep alone.
     */
    private static final int BUFFER = 64 << 10;

    private static final int PIECE = 1 << 10;

    /** What {@link #setAside} holds: a request and its values, read and while they are parsed, and short pieces. */
    private static final int REQUEST = 4;

    /** Short pieces of a request of a sequence: one at the end of each window, and its own. */
    private static final int SHORT_PIECES = 4;

    /** Pieces of a small message, each of which may keep such a buffer; a client sends one, or two. */
    private static final int MOST_PIECES = 8;

    /** Bytes in the transport below which it is ready for more: gRPC's own default. */
    private static final int LITTLE = 32 << 10;

    private final Calls calls;
    private final String path;
    /** Whether its messages are {@link SmallMarshaller small ones}. */
    private final boolean small;

    private final long begun = System.nanoTime();
    /** Held by the callbacks of the call, which come one after the other. */
    private final ReentrantLock turn = new ReentrantLock();

    private @Nullable ServerCall<?, ?> call;
    /** The parent of the call's own, which cannot be cancelled: with it the transport drops the stream. */
    private Context.@Nullable CancellableContext context;

    private @Nullable Deadline deadline;
    private MemoryBudget.@Nullable Reservation memory;
    private @Nullable Charge charge;
    private @Nullable String address;
    private String id = "";
    private boolean over;
    /** Whether it was closed with a refusal, which is on its way. */
    private volatile boolean refusing;
    /** The live sessions of a stream. */
    private @Nullable Sequences sequences;

    /** Why the message that was read last is refused. */
    private @Nullable RuntimeException refused;
    /** Bytes of the message that arrives. */
    private long arrived;

    private int pieces;
    /** Messages that were taken. */
    private int taken;
    /** Whether the client has sent all that it sends. */
    private volatile boolean complete;

    private volatile @Nullable Status closed;
    private volatile long received;
    private volatile long sent;
    /** Nanoseconds since which the other side is waited for, and bytes received then. */
    private volatile long since = begun;

    private volatile long receivedThen;
    /** Whether the client is waited for: not while a whole message is being read. */
    private volatile boolean arriving = true;
    /** Bytes of an answer that its reader had not taken at the last look; 0 where there is none. */
    private volatile long answering;

    /** Goes on when the reader has taken the answer. */
    private @Nullable Runnable next;

    InferenceCall(Calls calls, String method) {
        this.calls = calls;
        this.path = "/" + method;
        small = !InferenceService.isInference(method);
    }

    /** The call of this thread. */
    static InferenceCall current() {
        return requireNonNull(KEY.get());
    }

    @Override
    public Context filterContext(Context context) {
        Context.CancellableContext cancellable = context.withValue(KEY, this).withCancellation();
        this.context = cancellable;
        return cancellable;
    }

    /** @param sent the id that the client sent */
    void named(String sent, ServerCall<?, ?> its) {
        id = sent;
        call = its;
        deadline = Context.current().getDeadline();
    }

    String id() {
        return id;
    }

    /** Charges a key with its bytes. */
    void chargedTo(@Nullable Charge key) {
        charge = key;
    }

    boolean isClosed() {
        return closed != null;
    }

    boolean isRefused() {
        return refusing;
    }

    /** The call has a place, which its address holds, and what it takes is reserved unless it is small. */
    void admitted(String from, MemoryBudget.@Nullable Reservation reservation) {
        address = from;
        memory = reservation;
    }

    MemoryBudget.Reservation memory() {
        return requireNonNull(memory);
    }

    /** Nanoseconds until the client's deadline, if it has one. */
    @Nullable
    Long deadlineNanos() {
        return deadline == null ? null : deadline.timeRemaining(TimeUnit.NANOSECONDS);
    }

    /**
     * Whether the client no longer waits.
     *
     * @throws BusyException if the service no longer waits for what runs
     */
    boolean isGone() {
        calls.checkEnding();
        return closed != null;
    }

    // ---------- the transport's thread

    @Override
    public void inboundWireSize(long bytes) {
        received += bytes;
        arrived += bytes;
        try {
            if (small && arrived > SmallMarshaller.MOST) {
                throw SmallMarshaller.tooLarge();
            } else if (small && ++pieces > MOST_PIECES) {
                throw SmallMarshaller.tooManyPieces(MOST_PIECES);
            }
            if (charge != null) {
                charge.take(bytes);
            }
            if (memory != null) {
                memory.add(bytes < PIECE ? BUFFER : HELD * bytes, "a message");
            }
        } catch (BusyException | InvalidInputException | OverQuotaException e) {
            throw calls.refused(e).exception();
        }
    }

    @Override
    public void inboundMessageRead(int number, long wireSize, long size) {
        arriving = false;
        arrived = 0;
        pieces = 0;
    }

    @Override
    public void outboundWireSize(long bytes) {
        sent += bytes;
    }

    @Override
    public void streamClosed(Status status) {
        closed = status;
        endIfClosed();
    }

    // ---------- its callbacks

    void enter() {
        turn.lock();
    }

    void leave() {
        since = System.nanoTime();
        receivedThen = received;
        arriving = true;
        turn.unlock();
        endIfClosed();
    }

    /** Before a message is parsed, on the thread of the callbacks. */
    void enterMessage() {
        turn.lock();
    }

    /** After it; the callback that takes the message follows. */
    void leaveMessage() {
        turn.unlock();
        endIfClosed();
    }

    /** Whether its messages are small ones, for which nothing is reserved. */
    boolean isSmall() {
        return small;
    }

    /** The client has sent all. */
    void complete() {
        complete = true;
    }

    /**
     * Takes a request from the key's rate for a message: the first one's was taken when the call began.
     *
     * @throws OverQuotaException if the rate is used up
     */
    void takeRequest() {
        if (taken++ > 0 && charge != null) {
            charge.again();
        }
    }

    /** The message that was read cannot be taken. */
    void refuses(RuntimeException fault) {
        refused = fault;
    }

    /** Throws why the message that was read cannot be taken, if so. */
    void checkMessage() {
        if (refused != null) {
            throw refused;
        }
    }

    /**
     * Takes the bytes of an answer from the quota, though they may be more than its rest.
     *
     * @throws OverQuotaException if it has no rest
     */
    void spend(long bytes) {
        if (charge != null) {
            charge.answer(bytes);
        }
    }

    /**
     * Reserves what a request of so many bytes takes, while sequences go on that must not end for want of it; 0 for
     * none.
     *
     * @throws BusyException if the memory is not free
     */
    void setAside(long bytes) {
        memory().setAside(bytes == 0 ? 0 : REQUEST * bytes + SHORT_PIECES * BUFFER, "the requests of a sequence");
    }

    /**
     * An answer is in the transport, and its reader is waited for. Nothing else is held for it from now on; what it
     * takes was reserved before it was made.
     *
     * @param then goes on when the transport holds little of it
     */
    void answered(long bytes, Runnable then) {
        answering = Math.max(1, bytes);
        memory().keepAtMost(bytes);
        next = then;
        goOn();
    }

    /** Whether an answer is on its way. */
    boolean isAnswering() {
        return next != null;
    }

    /** Goes on if the reader has taken the answer. The transport calls it when it has. */
    void goOn() {
        Runnable then = next;
        if (then != null && closed == null && requireNonNull(call).isReady()) {
            next = null;
            answering = 0;
            memory().keepAtMost(0);
            then.run();
        }
    }

    /** It is a stream with live sessions, which end with it and have limits of their own. */
    void has(Sequences its) {
        sequences = its;
    }

    /**
     * Charges bytes of an answer while the call goes on; they are settled at its end.
     *
     * @throws OverQuotaException if the key has fewer bytes left
     */
    void charge(long bytes) {
        if (charge != null) {
            charge.take(bytes);
        }
    }

    /** Drops the stream, with what waits in the transport. */
    void drop(TimeoutException reason) {
        if (context != null) {
            context.cancel(reason);
        }
    }

    /** Runs something between the callbacks, on another thread, unless one of them runs. */
    void ifIdle(Runnable work) {
        if (turn.tryLock()) {
            try {
                work.run();
            } finally {
                turn.unlock();
            }
            endIfClosed();
        }
    }

    private void end() {
        if (over) {
            return;
        }
        over = true;
        if (sequences != null) {
            sequences.close();
        }
        if (context != null) {
            context.cancel(null);
        }
        Status status = requireNonNull(closed);
        if (memory != null) {
            memory.close();
        }
        if (charge != null) {
            charge.settle(received + sent);
        }
        boolean left = status.getCode() == Status.Code.CANCELLED;
        calls.ended(
                this,
                address,
                new RequestLines.Line(
                        "POST",
                        path,
                        status.getCode().name(),
                        left && answering > 0 ? RequestLines.CLIENT_LEFT : null,
                        received,
                        sent,
                        System.nanoTime() - begun,
                        charge == null ? RequestLines.NO_KEY : charge.key().getName(),
                        id));
    }

    // ---------- the clock's thread

    /** Ends what waits too long for its client; {@code stopping} ends each stream that waits for its next message. */
    void look(long now, Pace pace, boolean stopping) {
        if (closed != null || !arriving || !turn.tryLock()) {
            return;
        }
        try {
            long waited = now - since;
            boolean live = sequences != null && sequences.areOpen();
            if (refusing) {
                if (waited > pace.answerNanos()) {
                    drop(new TimeoutException("the refusal was not taken in time"));
                }
            } else if (answering > 0) {
                if (waited > (live ? requireNonNull(sequences).sendNanos() : pace.answerNanos())) {
                    lookAtReader(now, pace.answerBytes());
                }
            } else if (live) {
                return; // the room looks at them
            } else if (isStream()) {
                if (stopping) {
                    close(calls.refused(Calls.stopping()));
                } else if (waited > pace.idleNanos()) {
                    close(calls.refused(pace.idle()));
                }
            } else if (complete) {
                if (isWatch() ? stopping : waited > pace.answerNanos()) {
                    drop(new TimeoutException("the answer was not taken in time"));
                }
            } else if (waited > pace.bodyNanos()) {
                if (received - receivedThen < pace.bodyBytes()) {
                    close(calls.refused(pace.slow()));
                } else {
                    since = now;
                    receivedThen = received;
                }
            }
        } finally {
            turn.unlock();
        }
        endIfClosed();
    }

    /** Drops the stream, and the answer with it, unless its reader has taken enough in the window that is over. */
    private void lookAtReader(long now, long enough) {
        ServerCall<?, ?> its = requireNonNull(call);
        int rest = (int) Math.max(LITTLE, answering - enough);
        its.setOnReadyThreshold(rest);
        boolean took = its.isReady();
        its.setOnReadyThreshold(LITTLE);
        if (took) {
            answering = rest;
            since = now;
            // The transport may have told that all is taken while it counted to another number.
            goOn();
        } else {
            drop(new TimeoutException("the answer was not taken in time"));
        }
    }

    /** A callback that runs ends the call when it leaves. */
    private void endIfClosed() {
        if (closed != null && turn.tryLock()) {
            try {
                end();
            } finally {
                turn.unlock();
            }
        }
    }

    /** Whether it is told of changes for as long as it likes. */
    private boolean isWatch() {
        return small
                && call != null
                && call.getMethodDescriptor().getType().clientSendsOneMessage()
                && !call.getMethodDescriptor().getType().serverSendsOneMessage();
    }

    private boolean isStream() {
        return call != null && !call.getMethodDescriptor().getType().clientSendsOneMessage();
    }

    /**
     * Refuses the call, once. What waits in the transport goes before the refusal, so its reader is waited for. Not
     * while a callback runs on another thread.
     */
    void close(Refusal refusal) {
        if (refusing) {
            return;
        }
        refusing = true;
        since = System.nanoTime();
        try {
            if (call != null) {
                call.close(refusal.status(), refusal.trailers());
            }
        } catch (IllegalStateException e) {
            // It is closed already.
        }
    }

    /** The metadata that every answer has. */
    Metadata addTo(Metadata metadata) {
        metadata.put(CallInterceptor.REQUEST_ID, id);
        return metadata;
    }
}
