package dev.phasor.job;

import org.jspecify.annotations.Nullable;

/**
 * What of a request its answer depends on, without the body.
 *
 * @param endpoint the operation's name
 * @param query the parameters of the URL, encoded as there
 */
public record KeptRequest(
        String endpoint,
        String query,
        @Nullable String contentType,
        @Nullable String contentEncoding,
        @Nullable String accept) {}
