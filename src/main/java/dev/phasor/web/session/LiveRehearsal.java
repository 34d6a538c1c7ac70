package dev.phasor.web.session;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** Sessions of the service's own, through a face and its port as those of clients: what they run is compiled then. */
public interface LiveRehearsal {

    /** The way in, for the log. */
    String name();

    /**
     * Plays a session of {@code reconstruct} to its report, as fast as it is answered.
     *
     * @param key that opens the service
     * @param frames little-endian float32 values of one frame each
     * @throws TimeoutException if it takes longer than {@code atMost}
     * @throws Exception why there is no session, or how it failed
     */
    void play(String key, Map<String, String> parameters, List<byte[]> frames, Duration atMost) throws Exception;

    /** @throws TimeoutException past the end by {@link System#nanoTime} */
    static long nanosUntil(long end) throws TimeoutException {
        long left = end - System.nanoTime();
        if (left <= 0) {
            throw new TimeoutException("the time is over");
        }
        return left;
    }
}
