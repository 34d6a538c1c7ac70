package dev.phasor.web.audio;

import dev.phasor.compute.ClientLimits;
import dev.phasor.compute.MeteredInputStream;
import dev.phasor.compute.Patience;
import dev.phasor.compute.Spools;
import dev.phasor.compute.StreamLimits;
import dev.phasor.compute.Streams;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Maxima;
import dev.phasor.operation.Parameters;
import dev.phasor.web.telemetry.ComputeMeters;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.ObjectMapper;

/**
 * What the ways share on which a body or an answer of any length flows.
 *
 * @param longest seconds that a request may ask for
 */
record Flowing(
        Streams streams,
        int longest,
        StreamLimits limits,
        ClientLimits client,
        Spools spools,
        Maxima maxima,
        ObjectMapper mapper,
        ComputeMeters meters) {

    private static final int BUFFER = 1 << 16;

    /** The parameters of a transform. */
    private static final Set<String> TRANSFORM =
            Set.of("n_fft", "hop_length", "win_length", "window", "beta", "std", "center", "framing", "pad_mode");

    /** These, and the parameters of a transform. */
    static Set<String> transformAnd(String... more) {
        return Stream.concat(TRANSFORM.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a request has no parameters but these, each once, and a body that is not compressed. */
    static boolean isPlain(Endpoint endpoint, Sent request, Set<String> supported) {
        return isPlain(endpoint, request, supported, Map.of());
    }

    /** @param defaults parameters that may say these values alone, which they have anyway */
    static boolean isPlain(Endpoint endpoint, Sent request, Set<String> supported, Map<String, String> defaults) {
        return request.header(HttpHeaders.CONTENT_ENCODING) == null
                && request.parameters().values().stream().allMatch(values -> values.length == 1)
                && request.parameters().entrySet().stream()
                        .allMatch(sent -> supported.contains(endpoint.named(sent.getKey()))
                                || sent.getValue()[0].equals(defaults.get(sent.getKey())));
    }

    Parameters parameters(Endpoint endpoint, Sent request) {
        return parameters(endpoint, request, Map.of());
    }

    /** @param description what the body says of itself */
    Parameters parameters(Endpoint endpoint, Sent request, Map<String, String> description) {
        Map<String, String> values = new HashMap<>();
        request.parameters().forEach((name, all) -> values.put(name, all[0]));
        return new Parameters(endpoint, values, description, maxima, Set.of());
    }

    /** The body, up to {@code phasor.stream.max-upload}. */
    BufferedInputStream body(Sent request) throws IOException {
        long most = limits.maxUpload().toBytes();
        return new BufferedInputStream(
                MeteredInputStream.limited(request.body(), most, "phasor.stream.max-upload"), BUFFER);
    }

    Patience patience(Sent request, Parameters parameters) {
        return new Patience(request.gone(), parameters.timeout(longest));
    }

    /** A place to compute blocks in. */
    Streams.Stream open(Patience patience, String owner) {
        return streams.open(patience, owner, client.streams());
    }
}
