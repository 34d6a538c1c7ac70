package dev.phasor.web.access;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a request takes from its key's quota before and while its body is read. They are settled when the
 * request ends.
 */
public final class Charge {

    private static final String ATTRIBUTE = Charge.class.getName();

    private final ApiKey key;
    private long taken;
    private boolean waived;

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
     * Takes a request from the key's rate, and its first bytes; a refused one is free of charge.
     *
     * @throws OverQuotaException if the rate or the quota is used up
     */
    public void begin(long bytes) {
        try {
            key.takeRequest();
            take(bytes);
        } catch (OverQuotaException e) {
            waived = true;
            throw e;
        }
    }

    /**
     * Takes one more request from the key's rate, for a message of a call that goes on.
     *
     * @throws OverQuotaException if the rate is used up
     */
    public void again() {
        key.takeRequest();
    }

    /**
     * Takes an answer before it is written, so that those that are computed at once are not all the last one.
     *
     * @throws OverQuotaException if others have used up the quota meanwhile
     */
    public synchronized void answer(long count) {
        taken += key.takeAnswer(count);
    }

    /**
     * Takes more bytes, from any thread.
     *
     * @throws OverQuotaException if the key has fewer bytes left
     */
    public synchronized void take(long count) {
        key.takeBytes(count);
        taken += count;
    }

    /**
     * Takes bytes that come or go after the request was answered, as those of a WebSocket do.
     *
     * @throws OverQuotaException if the key has fewer bytes left
     */
    public void takeAfterwards(long count) {
        if (count > 0) {
            key.takeBytes(count);
        }
    }

    /** @param used bytes of the request and response bodies together */
    public synchronized void settle(long used) {
        key.settleBytes(taken, waived ? 0 : used);
    }
}
