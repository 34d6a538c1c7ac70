package dev.phasor.web.session;

import dev.phasor.compute.BusyException;
import dev.phasor.compute.ComputePool;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Patience;
import dev.phasor.compute.Shares;
import dev.phasor.operation.LiveOperations;
import dev.phasor.operation.Maxima;
import dev.phasor.web.refusal.ProblemCode;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerGracefulShutdownLifecycle;
import org.springframework.context.SmartLifecycle;

/**
 * The sessions that are open, whichever face brought them: how many there may be, how long each may last and be idle,
 * and how they end with the service. After SIGTERM no session is opened, and those that are have
 * {@link LiveSettings#grace} seconds. The file is long because every way into the room, and out of it, is here.
 */
public final class LiveRoom implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LiveRoom.class);

    private static final Duration LOOK = Duration.ofMillis(200);

    /** For a session whose callback runs while the grace ends. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    /** The buffers of a session, each of {@link LiveSettings#bufferBytes}: the transport's and its own. */
    private static final int BUFFERS = 7;

    /** Some 2 ms, as a turn. */
    private static final double OWN_WORK = 200_000;

    private final LiveSettings settings;
    private final LiveOperations operations;
    private final Maxima maxima;
    private final MemoryBudget.Part budget;
    private final LiveMeters meters;
    private final ComputePool pool;
    private final int longestWork;
    private final LiveTurns turns = new LiveTurns();
    private final Shares clients = new Shares();
    private final Set<LivePlace> open = ConcurrentHashMap.newKeySet();
    /** Sessions that are open, or about to be. */
    private int taken;

    /** Of the time between a start and a stop; a context may be started again. */
    private @Nullable ScheduledExecutorService clock;

    private volatile boolean running;
    private volatile boolean stopping;

    /**
     * @param budget the share of the memory that all sessions may hold
     * @param pool makes what is too large for a session's own thread
     * @param longestWork seconds that one message may be computed and answered
     */
    LiveRoom(
            LiveSettings settings,
            LiveOperations operations,
            Maxima maxima,
            MemoryBudget.Part budget,
            LiveMeters meters,
            ComputePool pool,
            int longestWork) {
        this.settings = settings;
        this.operations = operations;
        this.maxima = maxima;
        this.budget = budget;
        this.meters = meters;
        this.pool = pool;
        this.longestWork = longestWork;
    }

    /** Computes on this thread, or in the pool what is so much work that others would wait. */
    <T> T compute(String client, double work, BooleanSupplier over, Supplier<T> computation) {
        return work <= OWN_WORK
                ? computation.get()
                : pool.run(client, (long) work, new Patience(over, Duration.ofSeconds(longestWork)), computation);
    }

    LiveOperations operations() {
        return operations;
    }

    Maxima maxima() {
        return maxima;
    }

    LiveMeters meters() {
        return meters;
    }

    int count() {
        return open.size();
    }

    /**
     * Opens a session.
     *
     * @param client the name under which its shares are counted
     * @param hasLeft whether its client has left, asked while it computes
     * @param farewell ends the session and says why, on the room's thread, unless a callback of the session runs: that
     *     one ends by itself
     * @throws BusyException if there are too many, the service stops, or the memory is not free
     */
    public LivePlace open(String client, BooleanSupplier hasLeft, Consumer<Ending> farewell) {
        try {
            take(client);
            MemoryBudget.Reservation memory = budget.open(client);
            try {
                memory.add((long) BUFFERS * settings.bufferBytes(), "a live session");
            } catch (RuntimeException e) {
                memory.close();
                give(client);
                throw e;
            }
            LivePlace place = new LivePlace(this, turns, memory, hasLeft, farewell);
            open.add(place);
            return place;
        } catch (RuntimeException e) {
            meters.ended(Ending.of(e).code().wireName());
            throw e;
        }
    }

    private synchronized void take(String client) {
        if (stopping) {
            throw new BusyException("the service is stopping");
        }
        if (taken >= settings.sessions()
                || !clients.take(
                        client, 1, Math.min(settings.sessions(), settings.sessionsOfClient()), settings.sessions())) {
            throw new BusyException("at most " + settings.sessions()
                    + " live sessions may be open (phasor.live.sessions), and " + settings.sessionsOfClient()
                    + " of one client, fewer beside others' (phasor.live.sessions-of-client)");
        }
        taken++;
    }

    private synchronized void give(String client) {
        clients.give(client, 1);
        taken--;
    }

    /** A session has given back what it held. */
    void left(LivePlace place, String reason) {
        meters.ended(reason);
        if (open.remove(place)) {
            give(place.client());
        }
    }

    /** Ends what is idle or lasts too long. What goes wrong with one session leaves the others theirs. */
    private void look() {
        long now = System.nanoTime();
        open.forEach(each -> guarded(() -> look(each, now)));
    }

    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            log.error("a live session could not be ended", e);
        }
    }

    private void look(LivePlace each, long now) {
        if (each.age(now) > TimeUnit.SECONDS.toNanos(settings.longest())) {
            each.end(timeout("a session may last " + settings.longest() + " seconds (phasor.live.longest)"));
        } else if (each.isBusy()) {
            if (each.nanosSinceHeard(now) > TimeUnit.SECONDS.toNanos(longestWork)) {
                each.end(timeout("a message may be computed for " + longestWork
                        + " seconds (phasor.compute.timeout): send less at once, or ask for less"));
            }
        } else if (!each.isHeld() && each.nanosSinceHeard(now) > TimeUnit.SECONDS.toNanos(settings.idle())) {
            each.end(timeout("a session must be sent something every " + settings.idle()
                    + " seconds (phasor.live.idle), if nothing else a message that keeps it alive"));
        }
    }

    private static Ending timeout(String detail) {
        return Ending.of(ProblemCode.TIMEOUT, detail);
    }

    @Override
    public synchronized void start() {
        ScheduledExecutorService begun = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "live-clock");
            thread.setDaemon(true);
            return thread;
        });
        begun.scheduleWithFixedDelay(this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
        clock = begun;
        stopping = false;
        running = true;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Together with the server's graceful shutdown. */
    @Override
    public int getPhase() {
        return WebServerGracefulShutdownLifecycle.SMART_LIFECYCLE_PHASE;
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public synchronized void stop(Runnable stopped) {
        ScheduledExecutorService its = clock;
        if (its == null) {
            stopped.run();
            return;
        }
        clock = null;
        stopping = true;
        long end = System.nanoTime() + Duration.ofSeconds(settings.grace()).toNanos();
        its.scheduleWithFixedDelay(() -> drain(end, its, stopped), 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Waits for the sessions; after the grace it tells them why they end. */
    private void drain(long end, ScheduledExecutorService its, Runnable stopped) {
        long now = System.nanoTime();
        if (now >= end) {
            open.forEach(each -> guarded(() -> each.end(Ending.ofStop())));
        }
        if (running && (open.isEmpty() || now > end + LAST_WORDS.toNanos())) {
            running = false;
            its.shutdown();
            stopped.run();
        }
    }
}
