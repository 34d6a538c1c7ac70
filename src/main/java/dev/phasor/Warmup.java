package dev.phasor;

import dev.phasor.WarmupRequests.Request;
import dev.phasor.compute.BusyException;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.web.access.ApiKeys;
import dev.phasor.web.audio.Rehearsal;
import dev.phasor.web.session.LiveRehearsal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;

/**
 * Runs every operation on a second of noise, from bytes to bytes, and a live session through each face, before the
 * service is ready, so that no client waits for the compiler. Spring reports readiness when this has ended: when a
 * round takes no less than the best one before, or the time is over.
 */
final class Warmup implements ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(Warmup.class);

    /** A round is as fast as it gets when it is at most this much faster than the best one before. */
    private static final double SETTLED = 0.9;

    private static final int LEAST_ROUNDS = 4;

    /** Small requests between operations: what surrounds these is compiled by calls, not by the values in them. */
    private static final int SMALL = 10;

    private final Rehearsal rehearsal;
    private final PortRehearsal port;
    private final List<LiveRehearsal> live;
    private final ApiKeys keys;
    private final Duration atMost;

    Warmup(Rehearsal rehearsal, PortRehearsal port, List<LiveRehearsal> live, ApiKeys keys, Duration atMost) {
        this.rehearsal = rehearsal;
        this.port = port;
        this.live = live;
        this.keys = keys;
        this.atMost = atMost;
    }

    /** What is run in each round. */
    private record Step(String name, Work work) {

        /** May take so long. */
        @FunctionalInterface
        interface Work {
            void run(Duration atMost) throws Exception;
        }
    }

    @Override
    public void run(ApplicationArguments arguments) throws Exception {
        if (atMost.isZero()) {
            return;
        }
        try (ApiKeys.Own key = keys.own()) {
            warm(steps(key.secret()));
        }
    }

    private void warm(List<Step> steps) throws Exception {
        long start = System.nanoTime();
        double best = Double.POSITIVE_INFINITY;
        int rounds = 0;
        while (true) {
            long began = System.nanoTime();
            for (Step step : List.copyOf(steps)) {
                if (steps.contains(step) && !runs(step, start)) {
                    steps.removeIf(step::equals);
                }
                if (left(start).isNegative()) {
                    log.info("warm after {} s (phasor.warmup), {} rounds", atMost.toMillis() / 1e3, rounds);
                    return;
                }
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            rounds++;
            if (rounds >= LEAST_ROUNDS && seconds > SETTLED * best) {
                log.info("warm after {} s, {} rounds", (System.nanoTime() - start) / 1_000_000 / 1e3, rounds);
                return;
            }
            best = Math.min(best, seconds);
        }
    }

    private Duration left(long start) {
        return atMost.minusNanos(System.nanoTime() - start);
    }

    /**
     * Whether a step was taken, or had no time left. One that the settings refuse, or that has no place now, is left
     * out; so is a live session that cannot be had, whatever stands between the service and its own port.
     */
    private boolean runs(Step step, long start) throws Exception {
        try {
            step.work().run(left(start));
            return true;
        } catch (TimeoutException e) {
            return true;
        } catch (InvalidInputException | BusyException | NoWay e) {
            log.info("{} is not warmed: {}", step.name(), e.getMessage());
            return false;
        }
    }

    /** Live sessions come first: who listens to one hears whatever is late. */
    private List<Step> steps(String key) throws IOException {
        List<Step> steps = new ArrayList<>();
        List<byte[]> frames = WarmupRequests.frames();
        for (LiveRehearsal face : live) {
            steps.add(new Step(
                    face.name(), left -> throughPort(() -> face.play(key, WarmupRequests.STFT, frames, left))));
        }
        Request small = WarmupRequests.small();
        Step beside = new Step("/v1", left -> throughPort(() -> port.post(key, small, SMALL, left)));
        for (Request request : WarmupRequests.all()) {
            steps.add(new Step(
                    request.endpoint().wireName(),
                    left -> rehearsal.run(
                            request.endpoint(),
                            request.type(),
                            request.body(),
                            request.parameters(),
                            request.isLong())));
            steps.add(beside);
        }
        return steps;
    }

    /** What goes through the service's own port. */
    @FunctionalInterface
    private interface Visit {
        void pay() throws Exception;
    }

    private static void throughPort(Visit visit) throws Exception {
        try {
            visit.pay();
        } catch (TimeoutException | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new NoWay(e);
        }
    }

    private static final class NoWay extends Exception {
        NoWay(Exception cause) {
            super(String.valueOf(cause.getCause() == null ? cause : cause.getCause()), cause);
        }
    }
}
