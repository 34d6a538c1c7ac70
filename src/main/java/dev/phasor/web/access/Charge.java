package dev.phasor.web.access;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/** What a request has taken from its key's quota before it is read, or while it is, to be settled when it is over. */
public final class Charge {

    private static final String ATTRIBUTE = Charge.class.getName();

    private final ApiKey key;
    private long taken;

    Charge(ApiKey key) {
        this.key = key;
    }

    /** The charge of a request, or null for one without a key. */
    public static @Nullable Charge of(HttpServletRequest request) {
        return (Charge) request.getAttribute(ATTRIBUTE);
    }

    void attachTo(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    public ApiKey key() {
        return key;
    }

    /**
     * Takes more.
     *
     * @throws OverQuotaException if the key has not as many bytes
     */
    void take(long count) {
        key.takeBytes(count);
        taken += count;
    }

    /** @param used bytes of the request's and the answer's bodies together */
    public void settle(long used) {
        key.settleBytes(taken, used);
    }
}
