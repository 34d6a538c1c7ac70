package dev.phasor.web.access;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a request has taken from its key's quota before it is read, to be settled when it is over.
 *
 * @param taken bytes
 */
public record Charge(ApiKey key, long taken) {

    private static final String ATTRIBUTE = Charge.class.getName();

    /** The charge of a request, or null for one without a key. */
    public static @Nullable Charge of(HttpServletRequest request) {
        return (Charge) request.getAttribute(ATTRIBUTE);
    }

    void attachTo(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    /** @param used bytes of the request's and the answer's bodies together */
    public void settle(long used) {
        key.settleBytes(taken, used);
    }
}
