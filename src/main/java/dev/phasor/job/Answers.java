package dev.phasor.job;

import java.io.IOException;
import java.io.InputStream;

/** Answers one request that was kept, as the endpoint answers it. */
@FunctionalInterface
public interface Answers {

    /** Opens a body. */
    @FunctionalInterface
    interface Body {
        InputStream open() throws IOException;
    }

    /**
     * @param bytes of the body
     * @param out where the answer goes
     * @throws Exception what the request is refused with, as a connection's request
     */
    void answer(KeptRequest request, Body body, long bytes, Attempt attempt, AnswerSink out) throws Exception;
}
