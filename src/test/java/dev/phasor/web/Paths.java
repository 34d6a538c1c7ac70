package dev.phasor.web;

import dev.phasor.operation.Endpoint;

/** Where the operations stand in {@code /v1}. */
final class Paths {

    private Paths() {}

    static String of(Endpoint endpoint) {
        return "/v1/" + endpoint.wireName().replace('_', '/');
    }
}
