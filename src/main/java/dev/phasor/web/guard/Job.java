package dev.phasor.web.guard;

import dev.phasor.signal.Cancellation;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** What one request has computed for it, under the request's name in the log. */
final class Job<T> extends FutureTask<T> {

    private final Cancellation wanted;

    Job(Cancellation wanted, Supplier<T> work) {
        this(wanted, work, RequestId.current());
    }

    private Job(Cancellation wanted, Supplier<T> work, @Nullable String requestId) {
        super(() -> {
            try (MDC.MDCCloseable named = MDC.putCloseable(RequestId.KEY, requestId)) {
                return wanted.call(work);
            }
        });
        this.wanted = wanted;
    }

    /** Its work ends soon; it is over when {@link #get} says so. */
    void abandon() {
        wanted.cancel();
    }
}
