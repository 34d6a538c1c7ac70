package dev.phasor.web.guard.load;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses what would only wait to be refused, before its body is read. */
final class RoomInterceptor implements HandlerInterceptor {

    private final ComputePool pool;
    private final long smallWork;

    RoomInterceptor(ComputePool pool, LoadLimits limits) {
        this.pool = pool;
        this.smallWork = limits.smallWork().toBytes();
    }

    /** A body's length is the least that its work can be. */
    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getMethod().equals("POST")) {
            pool.checkRoom(request.getContentLengthLong() > smallWork ? Lane.LARGE : Lane.SMALL);
        }
        return true;
    }
}
