package dev.phasor.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Parameter;
import dev.phasor.web.refusal.ProblemCode;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** The document at /v3/api-docs, docs/api.md and the service say the same. */
class OpenApiTest extends ServiceTest {

    private static final String AUDIO = "{\"file\": [0, 1, 0, -1, 0, 1, 0, -1, 0, 1, 0, -1, 0, 1, 0, -1]";
    private static final String COMPLEX =
            "{\"spectrogram\": {\"real\": [[0, 1, 2, 1], [1, 2, 3, 1], [0, 1, 1, 0]], \"imag\": [[0, 0, 0, 0], [1, 0, 1, 2], [0, 0, 0, 0]]}";
    private static final String MAGNITUDE = "{\"magnitude\": [[0, 1, 2, 1], [1, 2, 3, 1], [0, 1, 1, 0]]";

    /** Magnitudes of two sources of it, n_fft 4 and hop 1. */
    private static final String SOURCES = ", \"magnitude\": ["
            + String.join(
                    ", ",
                    Collections.nCopies(
                            2,
                            Collections.nCopies(3, Collections.nCopies(17, "1").toString())
                                    .toString()))
            + "]";

    /** What each path is asked to work on. */
    private static final Map<String, String> BODIES = bodies();

    private static Map<String, String> bodies() {
        Map<String, String> bodies = new HashMap<>(Map.of(
                "/v1/stft",
                AUDIO,
                "/v1/mel/vjp",
                AUDIO + ", \"sample_rate\": 48000, \"cotangent\": ["
                        + String.join(
                                ", ",
                                Collections.nCopies(
                                        128, Collections.nCopies(17, "1").toString())) + "]",
                "/v1/istft",
                COMPLEX,
                "/v1/phase",
                AUDIO,
                "/v1/phase/vjp",
                COMPLEX + ", \"cotangent\": [[0, 1, 2, 1], [1, 2, 3, 1], [0, 1, 1, 0]]",
                "/v1/phase/diagnose",
                AUDIO,
                "/v1/reconstruct",
                AUDIO,
                "/v1/reconstruct/vjp",
                AUDIO + ", \"target\": [0, 1, 0, -1, 0, 1, 0, -1, 0, 1, 0, -1, 0, 1, 0, -1]",
                "/v1/mel",
                "{\"audio\": [" + String.join(", ", Collections.nCopies(2048, "0.5")) + "], \"sample_rate\": 48000",
                "/v1/evaluate",
                AUDIO + ", \"reference\": [0, 1, 0, -1, 0, 1, 0, -1, 0, 1, 0, -1, 0, 1, 0, -1]"));
        bodies.put("/v1/stretch", AUDIO);
        bodies.put("/v1/separate", AUDIO + SOURCES);
        String cotangent = "[0, 1, 0, -1, 0, 1, 0, -1, 0, 1, 0, -1, 0, 1, 0, -1]";
        bodies.put("/v1/separate/vjp", AUDIO + SOURCES + ", \"cotangent\": [" + cotangent + ", " + cotangent + "]");
        return bodies;
    }

    /** Parameters that mean something only beside another. */
    private static final Map<String, String> BESIDE = Map.ofEntries(
            Map.entry("beta", "&window=kaiser"),
            Map.entry("std", "&window=gaussian"),
            Map.entry("n_iter", "&algorithm=griffinlim"),
            Map.entry("lookahead", "&algorithm=live"),
            Map.entry("momentum", "&algorithm=fast_griffinlim"),
            Map.entry("tolerance", "&algorithm=griffinlim"),
            Map.entry("init", "&algorithm=griffinlim"),
            Map.entry("seed", "&algorithm=griffinlim"),
            Map.entry("through", "&algorithm=griffinlim"),
            Map.entry("log_guard", "&log=ln"),
            Map.entry("log_floor", "&log=ln"),
            Map.entry("log_range", "&log=ln"));

    private static final Set<String> OF_MELS = Set.of(
            "mel",
            "n_mels",
            "fmin",
            "fmax",
            "mel_scale",
            "mel_norm",
            "power_floor",
            "power_offset",
            "log",
            "log_guard",
            "log_floor",
            "log_range",
            "log_scale",
            "log_offset",
            "log_clip",
            "preemphasis",
            "drop_last_frame");

    /** 128 mels of two frames. */
    private static final String MEL =
            "{\"mel\": [" + String.join(", ", Collections.nCopies(128, "[0.5, 0.25]")) + "], \"sample_rate\": 48000";

    @Autowired
    private RequestMappingHandlerMapping mappings;

    @Test
    void isOpenApi31InJsonAndYaml() {
        assertThat(document().get("openapi").asString()).startsWith("3.1");
        assertThat(text(get("/v3/api-docs.yaml"))).startsWith("openapi: 3.1");
    }

    /** A server's name in it would be another client's {@code Host}. */
    @Test
    void itIsOfTheAddressWhereItWasAskedFor() {
        assertThat(document().get("servers")).hasSize(1);
        assertThat(document().at("/servers/0/url").asString()).isEqualTo("/");
    }

    @Test
    void everyPathOfBothFacesIsDescribed() {
        Set<String> served = mappings.getHandlerMethods().keySet().stream()
                .flatMap(mapping -> mapping.getPatternValues().stream())
                .filter(path -> path.startsWith("/v1/") || path.equals("/v2") || path.startsWith("/v2/"))
                .collect(Collectors.toSet());

        assertThat(document().get("paths").propertyNames()).containsExactlyInAnyOrderElementsOf(served);
    }

    @Test
    void everyParameterIsDescribedThereAndOnThePage() throws IOException {
        Set<String> accepted = Parameter.all().stream().map(Parameter::wireName).collect(Collectors.toSet());

        assertThat(pathParameters()
                        .map(found -> found.parameter().get("name").asString())
                        .collect(Collectors.toSet()))
                .isEqualTo(accepted);
        assertThat(parametersOfThePage()).isEqualTo(accepted);
    }

    @Test
    void everyParameterHasItsTypeMeaningAndExample() {
        assertThat(pathParameters()).allSatisfy(found -> {
            assertThat(found.parameter().get("description").asString()).isNotBlank();
            assertThat(found.schema().get("type").asString()).isNotBlank();
            assertThat(found.schema().get("examples")).isNotEmpty();
        });
    }

    /**
     * A parameter that would change nothing is refused wherever it stands, by what the document and the page say of
     * each endpoint.
     */
    @Test
    void aParameterOfAnotherEndpointIsRefused() {
        Map<String, Set<String>> known = pathParameters()
                .collect(Collectors.groupingBy(Found::path, Collectors.mapping(Found::name, Collectors.toSet())));

        known.forEach((path, names) -> {
            for (Parameter<?> parameter : Parameter.all()) {
                String name = parameter.wireName();
                // Elsewhere rate is another library's name of sample_rate.
                if (names.contains(name) || name.equals("rate")) {
                    continue;
                }
                String body = requireNonNull(BODIES.get(path));
                byte[] beside = (body + ", \"" + name + "\": \"x\"}").getBytes(StandardCharsets.UTF_8);
                byte[] bare = (body + "}").getBytes(StandardCharsets.UTF_8);
                for (HttpResponse<byte[]> response : List.of(
                        post(path + "?" + name + "=x", JSON, bare),
                        post(path, JSON, beside),
                        postForm(path, Map.of("file", bare), Map.of(name, "x")))) {
                    assertThat(response.statusCode()).as(path + " " + name).isEqualTo(400);
                    assertThat(json(response).get("code").asString()).isEqualTo("bad_parameter");
                    assertThat(json(response).get("detail").asString())
                            .startsWith(name + " must be left out of ")
                            .contains("response_format", "(it is of ");
                }
            }
        });
    }

    @Test
    void thePageSaysWhichEndpointUsesWhat() throws IOException {
        String page = Files.readString(Path.of("docs", "api.md"));
        Map<String, Set<String>> told = new TreeMap<>();
        for (Endpoint endpoint : Endpoint.values()) {
            told.put(Paths.of(endpoint), new TreeSet<>(Set.of("response_format", "timeout")));
        }
        String table = page.substring(page.indexOf("| parameters | of |"));
        table.substring(0, table.indexOf("\n\n")).lines().skip(2).forEach(row -> {
            String[] cells = row.split("\\|");
            quoted(cells[2]).forEach(path -> requireNonNull(told.get(path)).addAll(quoted(cells[1])));
        });

        for (Endpoint endpoint : Endpoint.values()) {
            assertThat(told.get(Paths.of(endpoint)))
                    .as(Paths.of(endpoint))
                    .containsExactlyInAnyOrderElementsOf(endpoint.parameters().stream()
                            .map(Parameter::wireName)
                            .toList());
        }
    }

    private static List<String> quoted(String cell) {
        return Pattern.compile("`([^`]+)`")
                .matcher(cell)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    /**
     * One below, one above and no value at all: each is refused by the parameter's name, so the ranges are the true
     * ones.
     */
    @Test
    void theRangesDescribedAreTheRangesKept() {
        pathParameters().forEach(found -> {
            JsonNode schema = found.schema();
            var wrong = new TreeSet<>(Set.of("nonsense"));
            if (schema.has("minimum")) {
                BigDecimal least = schema.get("minimum").decimalValue();
                wrong.add(least.subtract(step(least)).toPlainString());
            }
            if (schema.has("maximum")) {
                BigDecimal most = schema.get("maximum").decimalValue();
                wrong.add(most.add(step(most)).toPlainString());
            }
            if (schema.has("exclusiveMinimum")) {
                wrong.add(schema.get("exclusiveMinimum").asString());
            }
            wrong.forEach(value -> {
                HttpResponse<byte[]> response = ask(found, value);
                assertThat(response.statusCode()).as("%s=%s", found, value).isEqualTo(400);
                assertThat(json(response).get("code").asString()).isEqualTo("bad_parameter");
                assertThat(json(response).get("detail").asString()).startsWith(found.name() + " must be");
            });
        });
    }

    /** From a bound to another double, by 1 at least. */
    private static BigDecimal step(BigDecimal bound) {
        return bound.abs().movePointLeft(12).max(BigDecimal.ONE);
    }

    /** A bound of floats, in the digits of the document, is no number beyond the largest float. */
    @Test
    void theLargestFloatsDescribedAreInTheRange() {
        List<Found> ofFloats = pathParameters()
                .filter(found -> found.schema().has("maximum")
                        && found.schema().get("maximum").asDouble() > 1e38)
                .toList();

        assertThat(ofFloats).extracting(Found::name).contains("floor", "eps", "log_scale");
        for (Found found : ofFloats) {
            for (String bound : List.of("minimum", "maximum")) {
                if (found.schema().has(bound)) {
                    String value = found.schema().get(bound).decimalValue().toPlainString();
                    assertThat(text(ask(found, value)))
                            .as("%s=%s", found, value)
                            .doesNotContain(found.name() + " must be a finite number");
                }
            }
        }
    }

    @Test
    void whatMustBeAboveZeroIsDescribedSo() {
        List<Found> above = pathParameters()
                .filter(found -> found.schema().has("exclusiveMinimum"))
                .toList();

        assertThat(above).extracting(Found::name).contains("eps", "std");
        assertThat(above)
                .allSatisfy(found -> assertThat(
                                found.schema().get("exclusiveMinimum").asDouble())
                        .isZero());
    }

    /** Also where the way that is taken would never look at it. */
    @Test
    void aValueThatIsNotUsedIsLookedAtToo() {
        for (String wrong : List.of(
                "n_iter=banana",
                "n_iter=0",
                "n_iter=10001",
                "momentum=2",
                "tolerance=1",
                "init=nothing",
                "seed=1.5",
                "power=3",
                "encoding=mp3",
                "pad_mode=wrap",
                "timeout=301")) {
            HttpResponse<byte[]> response = post(
                    "/v1/reconstruct?response_format=json&algorithm=istft&n_fft=4&hop_length=1&" + wrong,
                    JSON,
                    (AUDIO + "}").getBytes(StandardCharsets.UTF_8));

            assertThat(response.statusCode()).as(wrong).isEqualTo(400);
            assertThat(json(response).get("detail").asString())
                    .startsWith(wrong.substring(0, wrong.indexOf('=')) + " must be");
        }
    }

    @Test
    void theDefaultsAndChoicesDescribedAreAccepted() {
        pathParameters().forEach(found -> {
            var right = new TreeSet<String>();
            if (found.schema().has("default") && !found.name().equals("n_fft")) {
                right.add(found.schema().get("default").asString());
            }
            if (found.schema().has("enum")
                    && !Set.of("response_format", "algorithm", "init", "input", "layout")
                            .contains(found.name())) {
                found.schema().get("enum").forEach(choice -> right.add(choice.asString()));
            }
            // A Hann window without padding is 0 on the first sample, which no inverse finds.
            if (found.path().matches(".*(istft|reconstruct).*")) {
                right.remove("none");
            }
            // A mel has as many frames as its audio has by this preset, and a short one has none.
            if (found.path().matches(".*(evaluate|vjp)") && found.name().equals("mel")) {
                right.clear();
            }
            if (found.path().matches("/v1/mel/vjp|/v1/separate.*")
                    && found.name().equals("framing")) {
                right.retainAll(Set.of("center"));
            }
            // Of an answer that is no sound file.
            if (found.name().equals("encoding")) {
                right.retainAll(Set.of("float32"));
            }
            right.forEach(value -> assertThat(ask(found, value).statusCode())
                    .as("%s=%s", found, value)
                    .isEqualTo(200));
        });
    }

    @Test
    void everyCodeIsDescribedWithItsStatusThereAndOnThePage() throws IOException {
        JsonNode responses = document().at("/paths/~1v1~1stft/post/responses");
        String page = Files.readString(Path.of("docs", "api.md"));
        String table = page.substring(page.indexOf("## Errors"), page.indexOf("## Keys"));

        for (ProblemCode code : ProblemCode.values()) {
            JsonNode response = responses.get(String.valueOf(code.status().value()));
            assertThat(response.toString()).contains("\"" + code.wireName() + "\"");
            assertThat(table.lines()
                            .filter(row -> row.startsWith("| ")
                                    && row.contains(String.valueOf(code.status().value()))))
                    .as(code.wireName())
                    .anyMatch(row -> row.contains("`" + code.wireName() + "`"));
        }
        assertThat(responses.at("/200/headers").propertyNames())
                .contains("Phasor-Report", "X-Request-Id", "Content-Disposition");
        assertThat(responses.at("/429/headers").propertyNames()).contains("Retry-After", "X-Request-Id");
        assertThat(responses.at("/503/headers").propertyNames()).contains("Retry-After");
    }

    @Test
    void aBodyIsDescribedInEveryForm() {
        assertThat(document()
                        .at("/paths/~1v1~1reconstruct/post/requestBody/content")
                        .propertyNames())
                .contains(WAV, NPY, NPZ, JSON, "multipart/form-data");
    }

    /** The kinds that are told apart by their first bytes, and a batch. */
    @Test
    void everyTypeThatARequestMayHaveIsDescribed() {
        for (Endpoint endpoint : Endpoint.values()) {
            JsonNode content =
                    document().at("/paths/" + Paths.of(endpoint).replace("/", "~1") + "/post/requestBody/content");

            assertThat(content.propertyNames()).contains("application/octet-stream", "application/zip");
        }
    }

    /** Every choice of a document is taken for one, on its way. */
    @Test
    void noGradientStartsFromAPhase() {
        List<Found> starts = pathParameters()
                .filter(found -> found.name().equals("init") && found.path().endsWith("/vjp"))
                .toList();

        assertThat(starts).hasSize(1);
        assertThat(starts.get(0).schema().get("enum").valueStream().map(JsonNode::asString))
                .containsExactly("pghi", "spsi", "random", "zero");
    }

    @Test
    void theProtocolsInferenceIsDescribedInBothForms() {
        JsonNode infer = document().at("/paths/~1v2~1models~1{model}~1infer/post");

        assertThat(infer.at("/requestBody/content").propertyNames())
                .containsExactlyInAnyOrder(JSON, "application/octet-stream");
        assertThat(infer.at("/responses/400/content/application~1json/schema/properties")
                        .propertyNames())
                .containsExactly("error");
    }

    /** A parameter of a path, as the document has it. */
    private record Found(String path, JsonNode parameter) {

        String name() {
            return parameter.get("name").asString();
        }

        JsonNode schema() {
            return parameter.get("schema");
        }

        @Override
        public String toString() {
            return path + " " + name();
        }
    }

    private java.util.stream.Stream<Found> pathParameters() {
        return document().get("paths").properties().stream()
                .flatMap(path -> path.getValue()
                        .at("/post/parameters")
                        .valueStream()
                        .filter(parameter -> parameter.get("in").asString().equals("query"))
                        .map(parameter -> new Found(path.getKey(), parameter)));
    }

    private HttpResponse<byte[]> ask(Found found, String value) {
        String name = found.name();
        boolean separates = found.path().startsWith("/v1/separate");
        String body = name.equals("power") && !found.path().startsWith("/v1/mel") && !separates
                ? MAGNITUDE
                : requireNonNull(BODIES.get(found.path()));
        if (name.startsWith("floor") && found.path().equals("/v1/reconstruct")) {
            body = AUDIO;
        } else if (name.equals("power") && found.path().equals("/v1/evaluate")) {
            body = MAGNITUDE + ", \"file\": [0, 1, 0]";
        } else if (name.equals("power") && found.path().equals("/v1/reconstruct/vjp")) {
            body = COMPLEX + ", \"target\": [0, 1, 0], " + MAGNITUDE.substring(1);
        } else if (found.path().equals("/v1/evaluate") && OF_MELS.contains(name)) {
            body = MEL + ", \"audio\": [0.5]";
        } else if (found.path().equals("/v1/reconstruct") && OF_MELS.contains(name)) {
            body = MEL;
        }
        boolean iterated = found.path().equals("/v1/reconstruct/vjp")
                && Set.of("algorithm", "n_iter", "momentum", "init", "seed", "through")
                        .contains(name);
        if (iterated) {
            body = MAGNITUDE + ", \"target\": [0, 1, 0]";
        }
        String size = found.path().equals("/v1/phase/vjp") || name.equals("mel")
                ? name.equals("mel") ? "&n_mels=128" : ""
                : (name.equals("n_fft") ? "" : "&n_fft=4") + (name.equals("hop_length") ? "" : "&hop_length=1");
        String loss = !found.path().equals("/v1/reconstruct/vjp")
                ? ""
                : (name.equals("loss") ? "" : OF_MELS.contains(name) ? "&loss=mel" : "&loss=mse")
                        + (name.equals("sample_rate") ? "" : "&sample_rate=48000");
        String form = name.equals("response_format") ? "" : "&response_format=json";
        boolean own = separates || found.path().equals("/v1/stretch");
        String beside = own && Set.of("n_iter", "momentum").contains(name)
                ? ""
                : BESIDE.getOrDefault(name, name.equals("on_timeout") ? "&algorithm=griffinlim" : "");
        return post(
                found.path() + "?" + name + "=" + value + size + loss + form + beside,
                JSON,
                (body + "}").getBytes(StandardCharsets.UTF_8));
    }

    private JsonNode document() {
        HttpResponse<byte[]> response = get("/v3/api-docs");
        assertThat(response.statusCode()).isEqualTo(200);
        return json(response);
    }

    /** The names in the first column of every table of parameters; one that only names rules of others has no range. */
    private static Set<String> parametersOfThePage() throws IOException {
        String page = Files.readString(Path.of("docs", "api.md"));
        return Pattern.compile("\\| parameter \\| default \\| range \\| meaning \\|\n.*\n((\\|.*\n)+)")
                .matcher(page)
                .results()
                .flatMap(table -> Pattern.compile("^\\| `([a-z_]+)`", Pattern.MULTILINE)
                        .matcher(table.group(1))
                        .results())
                .map((MatchResult row) -> row.group(1))
                .collect(Collectors.toSet());
    }
}
