package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.operation.Endpoint;
import dev.phasor.reconstruction.Algorithm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every endpoint and model with a tiny input and each parameter at its largest, alone and in pairs, at 256 MB of heap:
 * answered in time, never by 500, and nothing stays reserved.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargestParametersTest {

    private static final double TIMEOUT_SECONDS = 0.3;
    private static final double GRACE_SECONDS = 0.5;

    /** Of the pairs, those that every build asks for. */
    private static final int SAMPLED_PAIRS = 150;

    /** A first request waits for the compiler: who is late every time is late. */
    private static final int TRIES = 3;

    /** A request that waits for nothing that computes is late then. */
    private static final double LONGEST_SECONDS = 20;

    private static final Map<String, String> LARGEST = largest();

    private final HttpClient client = HttpClient.newHttpClient();
    private StartedService service;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        service = StartedService.withHeap("256m", folder);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private static Map<String, String> largest() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("n_fft", "1048576");
        values.put("hop_length", "2147483647");
        values.put("win_length", "1048576");
        values.put("window", "kaiser");
        values.put("center", "false");
        values.put("pad_mode", "reflect");
        values.put("length", "2147483647");
        values.put("sample_rate", "2147483647");
        values.put("n_iter", "10000");
        values.put("seed", "9223372036854775807");
        values.put("limit", "10000");
        values.put("floor", "3.4e38");
        values.put("eps", "3.4e38");
        values.put("power", "2");
        values.put("tolerance", "0.9999");
        values.put("momentum", "1");
        values.put("n_mels", "4096");
        values.put("log", "db");
        values.put("log_floor", "3.4e38");
        values.put("power_floor", "3.4e38");
        values.put("fmax", "1073741823.5");
        return values;
    }

    /** A request as what is asked for, and the body that it comes with. */
    private record Ask(String path, String type, byte[] body) {}

    @Test
    void aloneAndInSomePairs() {
        List<Ask> all = new ArrayList<>(alone());
        List<Ask> pairs = pairs();
        Random random = new Random(1);
        for (int i = 0; i < SAMPLED_PAIRS; i++) {
            all.add(pairs.get(random.nextInt(pairs.size())));
        }
        check(all);
    }

    @Tag("exhaustive")
    @Test
    void inAllPairs() {
        check(pairs());
    }

    private void check(List<Ask> asks) {
        List<String> wrong = asks.stream().flatMap(ask -> fault(ask).stream()).toList();

        assertThat(wrong).isEmpty();
        await().atMost(Duration.ofSeconds(10)).until(() -> service.metric("phasor_memory_reserved_bytes") == 0);
        assertThat(service.isAlive()).isTrue();
        assertThat(service.log()).doesNotContain("OutOfMemoryError", " ERROR ");
    }

    /** A machine that is busy with others makes a request late, but gives the service less of its processors. */
    private List<String> fault(Ask ask) {
        double seconds = 0;
        double worked = 0;
        for (int i = 0; i < TRIES; i++) {
            long start = System.nanoTime();
            Duration before = service.processorTime();
            HttpResponse<String> response = send(ask);
            seconds = (System.nanoTime() - start) / 1e9;
            worked = service.processorTime().minus(before).toMillis() / 1e3;
            if (response.statusCode() == 500) {
                return List.of(ask.path() + " 500 " + response.body());
            }
            double late = seconds < LONGEST_SECONDS ? Math.min(seconds, worked) : seconds;
            if (late < TIMEOUT_SECONDS + GRACE_SECONDS) {
                return List.of();
            }
        }
        return List.of(ask.path() + " took " + seconds + " s, " + worked + " s of the processors");
    }

    private HttpResponse<String> send(Ask ask) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + service.port() + ask.path()))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", ask.type())
                // A million numbers take longer to write as JSON than to compute.
                .header("Accept", "application/x-npy, application/x-npz, application/json;q=0.5")
                .POST(BodyPublishers.ofByteArray(ask.body()));
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError("no answer to " + ask.path() + ", the service says " + service.log(), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Ask> alone() {
        List<Ask> asks = new ArrayList<>();
        for (Ask base : bases()) {
            for (String name : names(base)) {
                asks.add(with(base, name));
            }
        }
        return asks;
    }

    private static List<Ask> pairs() {
        List<Ask> asks = new ArrayList<>();
        for (Ask base : bases()) {
            List<String> names = names(base);
            for (int i = 0; i < names.size(); i++) {
                for (int j = 0; j < i; j++) {
                    asks.add(with(with(base, names.get(i)), names.get(j)));
                }
            }
        }
        return asks;
    }

    private static List<String> names(Ask base) {
        return LARGEST.keySet().stream()
                .filter(name -> endpoint(base.path()).parameters().stream()
                        .anyMatch(parameter -> parameter.wireName().equals(name)))
                .toList();
    }

    private static Endpoint endpoint(String path) {
        Matcher model = Pattern.compile("/v2/models/([a-z_]+)/infer.*").matcher(path);
        for (Endpoint endpoint : Endpoint.values()) {
            boolean same = model.matches()
                    ? endpoint.wireName().equals(model.group(1))
                    : path.startsWith(Paths.of(endpoint) + "?");
            if (same) {
                return endpoint;
            }
        }
        throw new IllegalArgumentException(path);
    }

    private static Ask with(Ask base, String name) {
        String value = Objects.requireNonNull(LARGEST.get(name));
        if (!base.path().startsWith("/v2")) {
            return new Ask(base.path() + "&" + name + "=" + value, base.type(), base.body());
        }
        boolean quoted = !value.matches("[0-9.e]+|true|false");
        String body = new String(base.body(), StandardCharsets.UTF_8)
                .replace(
                        "\"parameters\": {",
                        "\"parameters\": {\"" + name + "\": " + (quoted ? "\"" + value + "\"" : value) + ", ");
        // The path says to a person what was asked for.
        return new Ask(base.path() + "&" + name, base.type(), body.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Ask> bases() {
        String audio = "\"audio\": [0.1, 0.5, -0.25, 0.125, 0.3]";
        String z =
                "\"spectrogram\": {\"real\": [[1, 2, 3], [0, 0, 1], [1, 1, 1]], \"imag\": [[0, 0, 0], [1, 2, 3], [0, 0, 0]]}";
        String magnitude = "\"magnitude\": [[1, 2, 3], [0.5, 0, 1], [1, 1, 1]]";
        Map<Endpoint, List<String>> bodies = new LinkedHashMap<>();
        bodies.put(Endpoint.STFT, List.of(audio));
        bodies.put(Endpoint.MEL, List.of(audio + ", \"sample_rate\": 16000"));
        String cotangent = String.join(", ", Collections.nCopies(128, "[1]"));
        bodies.put(
                Endpoint.MEL_VJP,
                List.of(audio + ", \"sample_rate\": 16000, \"log\": \"ln\", \"cotangent\": [" + cotangent + "]"));
        bodies.put(Endpoint.ISTFT, List.of(z));
        bodies.put(Endpoint.PHASE, List.of(audio, z));
        bodies.put(Endpoint.PHASE_DIAGNOSE, List.of(audio, z));
        bodies.put(Endpoint.PHASE_VJP, List.of(z + ", \"cotangent\": [[1, 2, 3], [1, 2, 3], [1, 2, 3]]"));
        bodies.put(Endpoint.EVALUATE, List.of(audio + ", \"reference\": [0.1, 0.5, -0.25, 0.125, 0.3]"));
        String mels = String.join(", ", Collections.nCopies(4096, "[1, 2]"));
        String mel = "\"mel\": [" + mels + "], \"n_mels\": 4096, \"sample_rate\": 16000";
        bodies.put(Endpoint.RECONSTRUCT, new ArrayList<>(List.of(audio, z, z + ", " + magnitude, mel)));
        for (Algorithm algorithm : Algorithm.values()) {
            bodies.get(Endpoint.RECONSTRUCT).add(magnitude + ", \"algorithm\": \"" + algorithm.wireName() + "\"");
        }
        bodies.put(
                Endpoint.RECONSTRUCT_VJP,
                List.of("mse", "multi_resolution_stft", "phase", "mel", "multi_scale_mel").stream()
                        .map(loss -> audio + ", \"target\": [1, 2, 3, 4, 5], \"loss\": \"" + loss + "\""
                                + (loss.contains("mel") ? ", \"sample_rate\": 16000" : ""))
                        .toList());
        String sources = ", \"magnitude\": [" + "[[1, 2, 3], [0.5, 0, 1], [1, 1, 1]], ".repeat(15)
                + "[[1, 2, 3], [0.5, 0, 1], [1, 1, 1]]]";
        bodies.put(
                Endpoint.STRETCH,
                List.of(
                        audio + ", \"rate\": 0.1",
                        audio + ", \"semitones\": 24",
                        audio + ", \"rate\": 0.1, \"semitones\": 24, \"algorithm\": \"live\", \"lookahead\": 7"));
        bodies.put(Endpoint.SEPARATE, List.of(audio + sources + ", \"hop_length\": 2, \"residual\": true"));
        bodies.put(
                Endpoint.SEPARATE_VJP,
                List.of(audio + sources + ", \"hop_length\": 2, \"cotangent\": [" + "[1, 2, 3, 4, 5], ".repeat(15)
                        + "[1, 2, 3, 4, 5]]"));
        bodies.put(Endpoint.RECONSTRUCT_VJP, new ArrayList<>(bodies.get(Endpoint.RECONSTRUCT_VJP)));
        for (String through : List.of("unrolled", "implicit")) {
            bodies.get(Endpoint.RECONSTRUCT_VJP)
                    .add(magnitude + ", \"cotangent\": [1, 2, 3, 4], \"hop_length\": 2, \"algorithm\": \"agla\""
                            + ", \"through\": \"" + through + "\"");
        }
        List<Ask> asks = new ArrayList<>();
        bodies.forEach((endpoint, all) -> all.forEach(body -> asks.add(new Ask(
                Paths.of(endpoint) + "?timeout=" + TIMEOUT_SECONDS,
                "application/json",
                ("{" + body + "}").getBytes(StandardCharsets.UTF_8)))));
        asks.addAll(models());
        return asks;
    }

    /** {@code /v2} knows no timeout: what is asked of it here ends by itself. */
    private static List<Ask> models() {
        Map<String, Map<String, String>> inputs = new HashMap<>();
        inputs.put("stft", Map.of("audio", "1, 5"));
        inputs.put("mel", Map.of("audio", "1, 5", "filterbank", "2, 1025"));
        inputs.put("mel_vjp", Map.of("audio", "1, 5", "filterbank", "2, 1025", "cotangent", "1, 2, 1"));
        inputs.put("istft", Map.of("spectrogram", "1, 2, 3, 3"));
        inputs.put("phase", Map.of("spectrogram", "1, 2, 3, 3"));
        inputs.put("phase_vjp", Map.of("spectrogram", "1, 2, 3, 3", "cotangent", "1, 3, 3"));
        inputs.put("reconstruct", Map.of("magnitude", "1, 3, 3"));
        inputs.put("reconstruct_vjp", Map.of("audio", "1, 5", "cotangent", "1, 5"));
        inputs.put("stretch", Map.of("audio", "1, 5"));
        inputs.put("separate", Map.of("audio", "1, 5", "mask", "2, 1, 3, 6"));
        inputs.put("separate_vjp", Map.of("audio", "1, 5", "mask", "2, 1, 3, 6", "cotangent", "2, 1, 5"));
        List<Ask> asks = new ArrayList<>();
        inputs.forEach((model, tensors) -> asks.add(new Ask(
                "/v2/models/" + model + "/infer?",
                "application/json",
                ("{\"parameters\": {\"binary_data_output\": true}, \"inputs\": ["
                                + tensors.entrySet().stream()
                                        .map(tensor -> tensor(tensor.getKey(), tensor.getValue()))
                                        .collect(Collectors.joining(", "))
                                + "]}")
                        .getBytes(StandardCharsets.UTF_8))));
        return asks;
    }

    private static String tensor(String name, String shape) {
        int count = 1;
        for (String size : shape.split(", ")) {
            count *= Integer.parseInt(size);
        }
        return "{\"name\": \"" + name + "\", \"datatype\": \"FP32\", \"shape\": [" + shape + "], \"data\": ["
                + "1, ".repeat(count - 1) + "1]}";
    }
}
