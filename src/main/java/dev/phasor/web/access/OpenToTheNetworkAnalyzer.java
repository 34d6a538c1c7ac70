package dev.phasor.web.access;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains why the service does not start, and what to do. */
final class OpenToTheNetworkAnalyzer extends AbstractFailureAnalyzer<OpenToTheNetworkException> {

    @Override
    protected FailureAnalysis analyze(Throwable failure, OpenToTheNetworkException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Give a key: phasor.security.keys.NAME=SHA-256 of the key in hex"
                        + " (printf %s \"$KEY\" | sha256sum). Or bind to this machine alone: server.address=127.0.0.1,"
                        + " and spring.grpc.server.address=127.0.0.1 where it is set."
                        + " Or, where something before the service keeps strangers out, say so:"
                        + " phasor.security.open=true (PHASOR_SECURITY_OPEN=true).",
                cause);
    }
}
