package dev.phasor.web.session;

import dev.phasor.operation.LiveOperation;
import java.util.LinkedHashMap;
import java.util.Map;

/** An operation that a session feeds: it computes in turns, and leaves its turn while it sends. */
public final class LiveFeed {

    /** Values of a frame that is computed in less time than a turn is worth. */
    private static final int SMALL_FRAME = 4096;

    private final LiveOperation operation;
    private final LiveTurns.Seat seat;
    private final LiveMeters meters;
    private final String name;
    private final double hopSeconds;
    private final int turn;
    private long sending;

    /** @param hopSeconds how long a hop lasts; 0 where no sample rate was told */
    LiveFeed(LiveOperation operation, LiveTurns.Seat seat, LiveMeters meters, String name, double hopSeconds) {
        this.operation = operation;
        this.seat = seat;
        this.meters = meters;
        this.name = name;
        this.hopSeconds = hopSeconds;
        int frame = operation.takesSamples() ? operation.hopLength() : operation.valuesIn();
        turn = frame * Math.max(1, SMALL_FRAME / Math.max(frame, (int) Math.min(operation.latency(), SMALL_FRAME)));
    }

    /** What is fed: its shapes, and what a client is told of it. */
    public LiveOperation operation() {
        return operation;
    }

    /**
     * Feeds values, a frame of long ones or a few of short ones in a turn.
     *
     * @throws java.util.concurrent.CancellationException if the session is no longer wanted
     */
    public void push(float[] values, int count) {
        long start = System.nanoTime();
        sending = 0;
        for (int from = 0; from < count; from += turn) {
            int at = from;
            seat.compute(() -> operation.push(values, at, Math.min(turn, count - at)));
        }
        meters.computed(name, System.nanoTime() - start - sending, hops(count) * hopSeconds);
    }

    /** The hops that so many values last: those of whole frames, or of samples. */
    private double hops(int count) {
        return Math.max(1, (double) count / (operation.takesSamples() ? operation.hopLength() : operation.valuesIn()));
    }

    /** Nothing follows: answers what is left, in as many turns as that takes, and returns the report. */
    public Map<String, Object> end() {
        Map<String, Object> report = new LinkedHashMap<>();
        seat.compute(() -> report.putAll(operation.end()));
        return report;
    }

    /** Sends, which takes as long as the client likes, while it computes or afterwards. */
    public void send(Runnable work) {
        long start = System.nanoTime();
        seat.await(work);
        sending += System.nanoTime() - start;
    }
}
