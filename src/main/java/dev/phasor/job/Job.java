package dev.phasor.job;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job as its row has it.
 *
 * @param owner the key that sees it
 * @param created milliseconds since 1970, as are {@code started} and {@code ended}
 * @param result null before there is one
 */
public record Job(
        String id,
        String owner,
        String client,
        KeptRequest request,
        long bodyBytes,
        Standing standing,
        boolean cancelAsked,
        long created,
        @Nullable Long started,
        @Nullable Long ended,
        @Nullable Result result) {

    public State state() {
        return standing.state();
    }

    /**
     * What the endpoint answers.
     *
     * @param status of HTTP
     */
    public record Result(int status, Map<String, String> headers, long bytes) {}

    /** A change of a job's standing. Numbers rise by one. */
    public record Event(long number, long at, Standing standing) {}

    /** The events after one, and whether there will be more. */
    public record Events(List<Event> events, boolean ended) {}
}
