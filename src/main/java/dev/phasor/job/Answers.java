package dev.phasor.job;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Answers requests that are kept, as their endpoints answer them. */
public interface Answers {

    /** Opens a body. */
    @FunctionalInterface
    interface Body {
        InputStream open() throws IOException;
    }

    /**
     * Whether a body of this type may be answered, before it is kept.
     *
     * @throws Exception what a connection's request of this type is refused with
     */
    void checkType(@Nullable String contentType) throws Exception;

    /**
     * @param bytes of the body
     * @param out where the answer goes
     * @throws Exception what the request is refused with, as a connection's request
     */
    void answer(KeptRequest request, Body body, long bytes, Attempt attempt, AnswerSink out) throws Exception;
}
