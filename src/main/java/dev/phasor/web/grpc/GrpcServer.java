package dev.phasor.web.grpc;

import java.time.Duration;
import org.springframework.boot.web.server.context.WebServerGracefulShutdownLifecycle;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.grpc.server.GrpcServerFactory;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/** The server, which stops together with that of HTTP: no call is begun, and what runs is finished first. */
final class GrpcServer extends GrpcServerLifecycle {

    private final Calls calls;

    /** @param grace how long what runs is waited for, longer than that of the lifecycle, which then ends it */
    GrpcServer(GrpcServerFactory factory, Duration grace, ApplicationEventPublisher events, Calls calls) {
        super(factory, grace, events);
        this.calls = calls;
    }

    @Override
    public int getPhase() {
        return WebServerGracefulShutdownLifecycle.SMART_LIFECYCLE_PHASE;
    }

    @Override
    public void start() {
        calls.start();
        super.start();
    }

    /** HTTP's server stops meanwhile. */
    @Override
    public void stop(Runnable stopped) {
        calls.stop();
        Thread stopping = new Thread(() -> super.stop(stopped), "grpc-stop");
        stopping.setDaemon(true);
        stopping.start();
    }
}
