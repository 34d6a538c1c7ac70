package dev.phasor.web.live;

import dev.phasor.compute.BusyException;
import dev.phasor.compute.Shares;
import dev.phasor.web.refusal.ProblemCode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerGracefulShutdownLifecycle;
import org.springframework.context.SmartLifecycle;

/**
 * The sessions that are open: how many there may be, how long each may last and be idle, and how they end with the
 * service. After SIGTERM no session is opened, and those that are have {@link LiveSettings#grace} seconds.
 */
final class LiveSessions implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(LiveSessions.class);

    private static final Duration LOOK = Duration.ofMillis(200);

    /** For a session whose callback runs while the grace ends. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final LiveSettings settings;
    private final int longestWork;
    private final Shares clients = new Shares();
    private final Map<String, Open> open = new ConcurrentHashMap<>();
    /** Sessions that are open, or about to be. */
    private int taken;

    /** Of the time between a start and a stop; a context may be started again. */
    private @Nullable ScheduledExecutorService clock;

    private volatile boolean running;
    private volatile boolean stopping;

    /** @param longestWork seconds that one message may be computed and answered */
    LiveSessions(LiveSettings settings, int longestWork) {
        this.settings = settings;
        this.longestWork = longestWork;
    }

    /** A session's place, and when it was heard. */
    static final class Open {

        private final String client;
        private final LiveSession session;
        private final long since = System.nanoTime();
        private final ReentrantLock turn = new ReentrantLock();
        private volatile long heard = since;

        private Open(String client, LiveSession session) {
            this.client = client;
            this.session = session;
        }

        LiveSession session() {
            return session;
        }

        /** Before a callback of the session. */
        void enter() {
            turn.lock();
            heard = System.nanoTime();
        }

        /** After it. */
        void leave() {
            heard = System.nanoTime();
            turn.unlock();
        }
    }

    int count() {
        return open.size();
    }

    /** @throws BusyException if there are too many, or the service stops */
    synchronized void take(String client) {
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

    synchronized void give(String client) {
        clients.give(client, 1);
        taken--;
    }

    Open add(String id, String client, LiveSession session) {
        Open added = new Open(client, session);
        open.put(id, added);
        return added;
    }

    /** Removes a session whose connection is closed. */
    void remove(String id, Open closed) {
        if (open.remove(id, closed)) {
            give(closed.client);
        }
    }

    /** Ends what is idle or lasts too long. What goes wrong with one session leaves the others theirs. */
    private void look() {
        long now = System.nanoTime();
        open.values().forEach(each -> guarded(() -> look(each, now)));
    }

    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            log.error("a live session could not be ended", e);
        }
    }

    private void look(Open each, long now) {
        if (now - each.since > TimeUnit.SECONDS.toNanos(settings.longest())) {
            end(each, timeout("a session may last " + settings.longest() + " seconds (phasor.live.longest)"));
        } else if (each.turn.isLocked()) {
            if (now - each.heard > TimeUnit.SECONDS.toNanos(longestWork)) {
                end(
                        each,
                        timeout("a message may be computed for " + longestWork
                                + " seconds (phasor.compute.timeout): send less at once, or ask for less"));
            }
        } else if (now - each.heard > TimeUnit.SECONDS.toNanos(settings.idle())) {
            end(
                    each,
                    timeout("a session must be sent something every " + settings.idle()
                            + " seconds (phasor.live.idle), if only {\"type\":\"keep_alive\"}"));
        }
    }

    private static Ending timeout(String detail) {
        return Ending.of(ProblemCode.TIMEOUT, detail);
    }

    /** A callback that runs ends by itself, and says why. */
    private static void end(Open each, Ending ending) {
        each.session.cancel(ending);
        if (each.turn.tryLock()) {
            try {
                each.session.hurry();
                each.session.fail(ending);
            } finally {
                each.turn.unlock();
            }
        }
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
            open.values().forEach(each -> guarded(() -> end(each, Ending.stopping())));
        }
        if (running && (open.isEmpty() || now > end + LAST_WORDS.toNanos())) {
            running = false;
            its.shutdown();
            stopped.run();
        }
    }
}
