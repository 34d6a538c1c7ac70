package dev.phasor.web.grpc;

import static java.util.Objects.requireNonNull;

import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.OutOfMemory;
import dev.phasor.web.access.ApiKeys;
import dev.phasor.web.access.Charge;
import dev.phasor.web.connection.Client;
import dev.phasor.web.refusal.RequestId;
import inference.GRPCInferenceServiceGrpc;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import java.net.InetSocketAddress;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * What every call passes: its id, its key, its place and its memory. Whatever a call throws is answered as a status
 * here, and nowhere else.
 */
final class CallInterceptor implements ServerInterceptor {

    static final Metadata.Key<String> REQUEST_ID = Metadata.Key.of(RequestId.HEADER, Metadata.ASCII_STRING_MARSHALLER);

    private static final Logger log = LoggerFactory.getLogger(CallInterceptor.class);

    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final Metadata.Key<String> KEY = Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER);

    /** Methods that need no key, as health needs none over HTTP. */
    private static final Set<String> OPEN = Set.of(
            HealthGrpc.getCheckMethod().getFullMethodName(),
            HealthGrpc.getWatchMethod().getFullMethodName(),
            GRPCInferenceServiceGrpc.getServerLiveMethod().getFullMethodName(),
            GRPCInferenceServiceGrpc.getServerReadyMethod().getFullMethodName());

    private final ApiKeys keys;
    private final MemoryBudget budget;
    private final Calls calls;

    CallInterceptor(ApiKeys keys, MemoryBudget budget, Calls calls) {
        this.keys = keys;
        this.budget = budget;
        this.calls = calls;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> bare, Metadata headers, ServerCallHandler<Q, A> next) {
        InferenceCall its = InferenceCall.current();
        ServerCall<Q, A> call = new Named<>(bare, its);
        its.enter();
        try {
            if (its.isClosed()) {
                return new ServerCall.Listener<>() {};
            }
            its.named(RequestId.of(headers.get(REQUEST_ID)), call);
            admit(its, call, headers);
            return new Listening<>(next.startCall(call, headers), its, calls);
        } catch (RuntimeException e) {
            refuse(its, e);
            return new ServerCall.Listener<>() {};
        } finally {
            its.leave();
        }
    }

    private void admit(InferenceCall its, ServerCall<?, ?> call, Metadata headers) {
        String method = call.getMethodDescriptor().getFullMethodName();
        @Nullable
        Charge charge = OPEN.contains(method) ? null : keys.charge(headers.get(AUTHORIZATION), headers.get(KEY));
        its.chargedTo(charge);
        if (charge != null) {
            charge.begin(1);
        }
        String address = address(call);
        String place = Client.nameOf(null, address);
        if (its.isSmall()) {
            calls.admit(its, place);
            its.admitted(place, null);
            return;
        }
        MemoryBudget.Reservation memory =
                budget.openRequest(Client.nameOf(charge == null ? null : charge.key(), address));
        try {
            calls.admit(its, place);
            its.admitted(place, memory);
        } catch (RuntimeException e) {
            memory.close();
            throw e;
        }
    }

    private static String address(ServerCall<?, ?> call) {
        return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress address
                ? requireNonNull(address.getAddress()).getHostAddress()
                : "none";
    }

    private void refuse(InferenceCall its, RuntimeException fault) {
        refuse(its, fault, calls);
    }

    private static void refuse(InferenceCall its, Throwable fault, Calls calls) {
        OutOfMemory.endIfBehind(fault);
        if (its.isClosed()) {
            return; // nobody hears of it
        }
        Refusal refusal = calls.refused(fault);
        if (refusal.isInternal()) {
            log.error("a call failed", fault);
        }
        its.close(refusal);
    }

    /** Answers carry the call's id. */
    private static final class Named<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private final InferenceCall its;

        private Named(ServerCall<Q, A> call, InferenceCall its) {
            super(call);
            this.its = its;
        }

        @Override
        public void sendHeaders(Metadata headers) {
            super.sendHeaders(its.addTo(headers));
        }

        @Override
        public void close(Status status, Metadata trailers) {
            super.close(status, status.isOk() ? trailers : its.addTo(trailers));
        }
    }

    /** Runs the callbacks of a call, each in its turn and with its id in the log. */
    private static final class Listening<Q> extends SimpleForwardingServerCallListener<Q> {

        private final InferenceCall its;
        private final Calls calls;

        private Listening(ServerCall.Listener<Q> listener, InferenceCall its, Calls calls) {
            super(listener);
            this.its = its;
            this.calls = calls;
        }

        @Override
        public void onMessage(Q message) {
            runIfOpen(() -> {
                its.checkMessage();
                super.onMessage(message);
            });
        }

        @Override
        public void onHalfClose() {
            its.complete();
            runIfOpen(super::onHalfClose);
        }

        @Override
        public void onReady() {
            runIfOpen(super::onReady);
        }

        @Override
        public void onCancel() {
            run(super::onCancel);
        }

        @Override
        public void onComplete() {
            run(super::onComplete);
        }

        /** What is closed has given back what it held; what is refused hears no more. */
        private void runIfOpen(Runnable callback) {
            run(() -> {
                if (!its.isClosed() && !its.isRefused()) {
                    callback.run();
                }
            });
        }

        private void run(Runnable callback) {
            its.enter();
            try (MDC.MDCCloseable named = MDC.putCloseable(RequestId.KEY, its.id())) {
                callback.run();
            } catch (RuntimeException | Error e) {
                refuse(its, e, calls);
                if (e instanceof Error) {
                    throw e;
                }
            } finally {
                its.leave();
            }
        }
    }
}
