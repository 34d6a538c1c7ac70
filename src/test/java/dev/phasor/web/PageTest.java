package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The page's files as they are served. What a person sees of them is PageIT's. */
class PageTest extends ServiceTest {

    private static final Path FILES = Path.of("src", "main", "resources", "static", "page");

    @ParameterizedTest
    @CsvSource({
        "/, text/html",
        "/docs, text/html",
        "/page/main.js, text/javascript",
        "/page/style.css, text/css",
        "/page/icon.svg, image/svg+xml",
        "/page/swagger-ui.js, text/javascript",
        "/page/swagger-ui.css, text/css",
        "/page/example/speech_en_m1_libri_16k.wav, audio/x-wav"
    })
    void aFileIsServedWithItsTypeAndAskedForAgainEachTime(String path, String type) {
        HttpResponse<byte[]> response = get(path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith(type);
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-cache");
        assertThat(response.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/docs", "/page/main.js", "/page/nowhere"})
    void nothingFromElsewhereAndNoCodeInADocument(String path) {
        assertThat(get(path).headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe", "http", "*");
    }

    @Test
    void aPartOfAFileIsServedAndNothingBeyondItsEnd() {
        byte[] whole = get("/page/main.js").body();
        HttpResponse<byte[]> part = get("/page/main.js", "Range", "bytes=3-6");
        HttpResponse<byte[]> beyond = get("/page/main.js", "Range", "bytes=9999999-");

        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole, 3, 7));
        assertThat(beyond.statusCode()).isEqualTo(416);
        assertThat(beyond.headers().firstValue("Content-Range")).hasValue("bytes */" + whole.length);
        assertThat(beyond.body()).isEmpty();
    }

    @Test
    void whatIsAskedOfItsHeadIsTheSame() {
        HttpResponse<byte[]> head =
                send(HttpRequest.newBuilder(uri("/page/main.js")).method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValue("Content-Security-Policy"))
                .isEqualTo(get("/page/main.js").headers().firstValue("Content-Security-Policy"));
    }

    @Test
    void theApiKeepsItsOwnPolicy() {
        assertThat(get("/v1/algorithms").headers().firstValue("Content-Security-Policy"))
                .hasValue("default-src 'none'; frame-ancestors 'none'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/index.html",
                "/static/page/index.html",
                "/webjars/swagger-ui/5.34.1/index.html",
                "/page/",
                "/page/..%2f..%2fapplication.yaml",
                "/page/%2e%2e/application.yaml",
                "/page/swagger-ui/index.html"
            })
    void noOtherFileIsServed(String path) {
        assertThat(get(path).statusCode()).isBetween(400, 404);
    }

    @Test
    void theSlashBehindDocsIsForgiven() {
        HttpResponse<byte[]> response = get("/docs/");

        assertThat(response.statusCode()).isEqualTo(308);
        assertThat(response.headers().firstValue("Location")).hasValue("../docs");
    }

    /** A foreign name for this machine gets the page as little as the API. */
    @Test
    void aForeignHostIsForbidden() throws IOException {
        String head = "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";

        assertThat(exchange(port, head.getBytes(StandardCharsets.US_ASCII))).startsWith("HTTP/1.1 403 ");
    }

    static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files.filter(file -> file.toString().matches(".*\\.(js|css|html)")).toList().stream();
        }
    }

    /** What {@code 'self'} forbids, seen before a browser sees it; and every module that is imported is there. */
    @ParameterizedTest
    @MethodSource("files")
    void namesNothingOfElsewhereAndOnlyWhatIsThere(Path file) throws IOException {
        String text = Files.readString(file);

        assertThat(text.replace("http://www.w3.org/2000/svg", "")).doesNotContainPattern("https?://|eval\\(|innerHTML");
        if (file.toString().endsWith(".html")) {
            assertThat(text).doesNotContainPattern("<style| style=|<script>| on[a-z]+=");
        }
        assertThat(matches("(?:from|import) \"\\./([a-z-]+\\.js)\"", text))
                .allSatisfy(module -> assertThat(FILES.resolve(module)).exists());
    }

    @Test
    void everyExampleOfTheDocumentIsAnswered() {
        JsonNode paths = json(get("/v3/api-docs")).get("paths");
        List<String> operations = paths.propertyNames().stream()
                .filter(path -> path.startsWith("/v1/") && paths.get(path).has("post"))
                .toList();

        assertThat(operations).hasSizeGreaterThan(8).allSatisfy(path -> {
            JsonNode example = paths.at("/" + path.replace("/", "~1") + "/post/requestBody/content/application~1json")
                    .get("example");
            HttpResponse<byte[]> response = send(HttpRequest.newBuilder(uri(path))
                    .header("Content-Type", JSON)
                    .header("Accept", JSON)
                    .POST(HttpRequest.BodyPublishers.ofString(example.toString())));
            assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        });
    }

    private static List<String> matches(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .toList();
    }
}
