package dev.phasor.web.grpc;

import static java.util.Objects.requireNonNull;

import inference.ModelInferRequest;
import org.jspecify.annotations.Nullable;

/** A message as it came: read, or with the reason why it cannot be. It is held until it is taken. */
final class Received {

    private final @Nullable RuntimeException fault;
    private @Nullable ModelInferRequest message;

    private Received(@Nullable ModelInferRequest message, @Nullable RuntimeException fault) {
        this.message = message;
        this.fault = fault;
    }

    static Received of(ModelInferRequest message) {
        return new Received(message, null);
    }

    static Received refused(RuntimeException fault) {
        return new Received(null, fault);
    }

    /** The message, once, so that it need not be kept while it is computed. */
    ModelInferRequest take() {
        if (fault != null) {
            throw fault;
        }
        ModelInferRequest taken = requireNonNull(message);
        message = null;
        return taken;
    }
}
