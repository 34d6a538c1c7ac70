package dev.phasor.web.access;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;

/** An answer whose length is known is taken from the quota before it is written. */
final class ChargedResponse extends HttpServletResponseWrapper {

    private final Charge charge;

    ChargedResponse(HttpServletResponse response, Charge charge) {
        super(response);
        this.charge = charge;
    }

    /** @throws OverQuotaException if the quota is used up */
    @Override
    public void setContentLengthLong(long bytes) {
        charge.answer(bytes);
        super.setContentLengthLong(bytes);
    }
}
