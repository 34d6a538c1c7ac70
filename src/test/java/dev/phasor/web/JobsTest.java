package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.Recordings;
import dev.phasor.codec.WavBytes;
import dev.phasor.codec.WavEncoding;
import dev.phasor.signal.AudioSignal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Work that outlives its request, with two keys. */
@TestPropertySource(
        properties = {
            // SHA-256 of "open-sesame" and "friend".
            "phasor.security.keys.ali=d7ecdf25eaf3deba0f2628771dbdd22d4138ab6cf38f91ed02a2ca0dec7c8ab7",
            "phasor.security.keys.gandalf=CDE48537CA2C28084FF560826D0E6388B7C57A51497A6CB56F397289E52FF41B",
            "phasor.jobs.enabled=true",
            "phasor.jobs.parallel=1",
            "phasor.jobs.of-client=3"
        })
class JobsTest extends ServiceTest {

    private static final String ALI = "open-sesame";
    private static final String GANDALF = "friend";

    private static final String QUICK = "/v1/reconstruct?algorithm=griffinlim&n_iter=3&n_fft=512";
    private static final String LONG = "/v1/reconstruct?algorithm=griffinlim&n_iter=9000&n_fft=512";

    private static final byte[] SPEECH = bytes(Recordings.speech());

    @TempDir
    static Path folder;

    private final ObjectMapper mapper = new ObjectMapper();

    @DynamicPropertySource
    static void inItsFolder(DynamicPropertyRegistry registry) {
        registry.add("phasor.jobs.folder", () -> folder);
    }

    private HttpResponse<byte[]> ask(String method, String path, String key, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + key)
                .method(method, BodyPublishers.noBody());
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private HttpResponse<byte[]> submit(String path, String type, byte[] body, String... headers) {
        List<String> all = new ArrayList<>(List.of("Prefer", "respond-async", "Authorization", "Bearer " + ALI));
        all.addAll(List.of(headers));
        return post(path, type, body, all.toArray(String[]::new));
    }

    private String location(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).as(text(response)).isEqualTo(202);
        return response.headers().firstValue("Location").orElseThrow();
    }

    private String job(String path, String type, byte[] body, String... headers) {
        return location(submit(path, type, body, headers));
    }

    private JsonNode document(String location) {
        HttpResponse<byte[]> response = ask("GET", location, ALI);
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        return json(response);
    }

    private String state(String location) {
        return document(location).get("state").asString();
    }

    private void awaitEnd(String location, String state) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(state(location)).isEqualTo(state));
    }

    private HttpResponse<byte[]> result(String location) {
        return ask("GET", location + "/result", ALI);
    }

    private void cancel(String location) {
        assertThat(ask("DELETE", location, ALI).statusCode()).isIn(200, 202);
    }

    @Test
    void theResultIsWhatTheEndpointAnswers() {
        HttpResponse<byte[]> now = post(QUICK, WAV, SPEECH, "Authorization", "Bearer " + ALI);
        HttpResponse<byte[]> submitted = submit(QUICK, WAV, SPEECH);
        String location = location(submitted);
        assertThat(submitted.headers().firstValue("Preference-Applied")).hasValue("respond-async");
        awaitEnd(location, "done");
        HttpResponse<byte[]> later = result(location);

        assertThat(later.statusCode()).isEqualTo(200);
        assertThat(later.body()).isEqualTo(now.body());
        assertThat(later.headers().firstValue("Content-Type"))
                .isEqualTo(now.headers().firstValue("Content-Type"));
        assertThat(later.headers().firstValue("Content-Disposition"))
                .isEqualTo(now.headers().firstValue("Content-Disposition"));
        assertThat(report(later).get("spectral_convergence_db"))
                .isEqualTo(report(now).get("spectral_convergence_db"));
        JsonNode document = document(location);
        assertThat(document.get("iterations").asInt()).isEqualTo(3);
        assertThat(document.get("done").asDouble()).isEqualTo(1);
        assertThat(document.get("result").asString()).isEqualTo(location + "/result");
    }

    @Test
    void whatAJobSaysIsDescribed() {
        String location = job(QUICK, WAV, SPEECH);
        JsonNode waiting = document(location);
        awaitEnd(location, "done");
        JsonNode ended = document(location);
        JsonNode schema = json(ask("GET", "/v3/api-docs", ALI)).at("/components/schemas/Job");

        assertThat(schema.get("properties").propertyNames())
                .containsAll(waiting.propertyNames())
                .containsAll(ended.propertyNames());
        assertThat(schema.get("required").valueStream().map(JsonNode::asString))
                .isSubsetOf(waiting.propertyNames())
                .isSubsetOf(ended.propertyNames());
        assertThat(schema.at("/properties/state/enum").valueStream().map(JsonNode::asString))
                .containsExactly("queued", "running", "done", "failed", "cancelled");
    }

    @Test
    void gzipFormsJsonAndStreamedFilesGoTheSameWay() throws IOException {
        String stft = "/v1/stft?n_fft=512&response_format=npz";
        String zipped = job(stft, WAV, dev.phasor.Bytes.gzip(SPEECH), "Content-Encoding", "gzip");
        awaitEnd(zipped, "done");
        String json =
                job("/v1/phase", JSON, "{\"audio\": [0, 1, 0, -1], \"n_fft\": 4}".getBytes(StandardCharsets.UTF_8));
        awaitEnd(json, "done");
        String diagnosed = job("/v1/phase/diagnose?n_fft=512", WAV, SPEECH);
        awaitEnd(diagnosed, "done");

        assertThat(result(zipped).body())
                .isEqualTo(post(stft, WAV, SPEECH, "Authorization", "Bearer " + ALI)
                        .body());
        assertThat(result(json).headers().firstValue("Content-Type")).hasValue(NPY);
        assertThat(json(result(diagnosed)).get("bins").asInt()).isPositive();
    }

    /** Read to its end or not, however it was read. */
    @Test
    void noBodyStaysOpen() throws IOException {
        byte[] cut = Arrays.copyOf(SPEECH, SPEECH.length / 2);
        byte[] longer = WavBytes.write(AudioSignal.mono(new float[400_000], 16000), WavEncoding.FLOAT32);
        byte[] numbers = "{\"audio\": [0, 1, 0, -1]}".getBytes(StandardCharsets.UTF_8);
        awaitEnd(job("/v1/stft?n_fft=512", WAV, SPEECH), "done");
        awaitEnd(job("/v1/stft?n_fft=512", WAV, cut), "failed");
        awaitEnd(job("/v1/stft?n_fft=512", NPY, cut), "failed");
        awaitEnd(job("/v1/stft?n_fft=4", JSON, numbers), "done");
        awaitEnd(job("/v1/reconstruct", WAV, longer), "done");
        awaitEnd(job("/v1/reconstruct?resample_to=8000", WAV, longer), "done");
        awaitEnd(job("/v1/reconstruct", WAV, Arrays.copyOf(longer, longer.length - 2)), "failed");
        Path descriptors = Path.of("/proc/self/fd");
        assumeThat(descriptors).exists();
        try (Stream<Path> open = Files.list(descriptors)) {
            assertThat(open.map(JobsTest::target))
                    .noneMatch(target -> target.contains(folder + "/") && target.contains("body"));
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return ""; // closed meanwhile
        }
    }

    @Test
    void whatIsRefusedIsAnAnswerToo() {
        assertThat(submit("/v1/stft?n_ftt=512", WAV, SPEECH).statusCode()).isEqualTo(400);
        String location = job("/v1/stft", WAV, new byte[] {1, 2, 3});
        awaitEnd(location, "failed");
        HttpResponse<byte[]> now = post("/v1/stft", WAV, new byte[] {1, 2, 3}, "Authorization", "Bearer " + ALI);

        assertProblem(result(location), 400, json(now).get("code").asString());
        assertThat(json(result(location)).get("detail")).isEqualTo(json(now).get("detail"));
    }

    @Test
    void aJobIsItsKeysAlone() {
        String location = job(QUICK, WAV, SPEECH);
        for (String path : List.of(location, location + "/events", location + "/result")) {
            assertProblem(ask("GET", path, GANDALF), 404, "not_found");
        }
        assertProblem(ask("DELETE", location, GANDALF), 404, "not_found");
        assertThat(json(ask("GET", "/v1/jobs", GANDALF)).get("jobs")).isEmpty();
        awaitEnd(location, "done");
        assertThat(json(ask("GET", "/v1/jobs", ALI)).get("jobs")).contains(json(ask("GET", location, ALI)));
    }

    @Test
    void cancelledItAnswersWhatItHasReached() {
        String location = job(LONG, WAV, SPEECH);
        await().until(() -> document(location).path("iterations").asInt() > 0);
        assertProblem(result(location), 409, "not_finished");
        cancel(location);
        awaitEnd(location, "cancelled");
        HttpResponse<byte[]> reached = result(location);

        assertThat(reached.statusCode()).isEqualTo(200);
        assertThat(report(reached).get("cancelled").asBoolean()).isTrue();
        assertThat(report(reached).get("iterations").asInt()).isBetween(1, 8999);
        assertThat(ask("DELETE", location, ALI).statusCode()).isEqualTo(200);
        assertThat(result(location).statusCode())
                .as("a second DELETE takes nothing away")
                .isEqualTo(200);
        HttpResponse<byte[]> neither = ask("DELETE", location + "?forget=abc", ALI);
        assertProblem(neither, 400, "bad_parameter");
        assertThat(json(neither).get("detail").asString()).isEqualTo("forget must be true or false, got abc");
        assertThat(ask("DELETE", location + "?forget=true", ALI).statusCode()).isEqualTo(204);
        assertProblem(result(location), 404, "not_found");
    }

    /** As without Prefer, and at once: a job of it would fail. */
    @ParameterizedTest
    @ValueSource(strings = {"application/x-www-form-urlencoded", "none", "audio/"})
    void aTypeThatNoBodyHasBecomesNoJob(String type) {
        HttpResponse<byte[]> job = submit(QUICK, type, SPEECH);
        HttpResponse<byte[]> now = post(QUICK, type, SPEECH, "Authorization", "Bearer " + ALI);

        assertProblem(job, 415, "unsupported_media_type");
        assertThat(json(job).get("detail")).isEqualTo(json(now).get("detail"));
    }

    @Test
    void whatWaitsIsCancelledAtOnceAndOneClientHoldsSoManyOnly() {
        List<String> all = List.of(job(LONG, WAV, SPEECH), job(LONG, WAV, SPEECH), job(LONG, WAV, SPEECH));
        HttpResponse<byte[]> refused = submit(QUICK, WAV, SPEECH);
        assertProblem(refused, 429, "too_many_requests");
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        String last = all.get(2);
        cancel(last);

        assertThat(state(last)).isEqualTo("cancelled");
        assertProblem(result(last), 410, "cancelled");
        all.forEach(this::cancel);
        all.forEach(each -> awaitEnd(each, "cancelled"));
    }

    @Test
    void eventsGoOnWhereTheClientWas() {
        String location = job("/v1/reconstruct?algorithm=griffinlim&n_iter=1500&n_fft=512", WAV, SPEECH);
        List<Event> first = events(ask("GET", location + "/events", ALI));
        List<Event> again = events(ask("GET", location + "/events", ALI));
        List<Event> rest = events(ask("GET", location + "/events", ALI, "Last-Event-ID", "2"));

        assertThat(first).extracting(Event::id).containsExactlyElementsOf(numbers(1, first.size()));
        assertThat(first.get(first.size() - 1).name()).isEqualTo("ended");
        assertThat(first)
                .extracting(event -> event.data().get("done").asDouble())
                .isSorted();
        assertThat(again).isEqualTo(first);
        assertThat(rest).isEqualTo(first.subList(2, first.size()));
        assertThat(ask("GET", location + "/events", ALI, "Last-Event-ID", String.valueOf(first.size()))
                        .statusCode())
                .isEqualTo(204);
        assertProblem(ask("GET", location + "/events", ALI, "Last-Event-ID", "x"), 400, "bad_parameter");
    }

    private static List<Integer> numbers(int from, int to) {
        return Stream.iterate(from, i -> i <= to, i -> i + 1).toList();
    }

    private record Event(int id, String name, JsonNode data) {}

    private List<Event> events(HttpResponse<byte[]> response) {
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        List<Event> events = new ArrayList<>();
        for (String block : text(response).split("\n\n")) {
            if (block.startsWith("id: ")) {
                String[] lines = block.split("\n");
                events.add(new Event(
                        Integer.parseInt(lines[0].substring(4)),
                        lines[1].substring(7),
                        mapper.readTree(lines[2].substring(6))));
            }
        }
        return events;
    }

    @Test
    void oneKeyOfIdempotencyIsOneJob() {
        String first = job(QUICK, WAV, SPEECH, "Idempotency-Key", "once");
        assertThat(job(QUICK, WAV, SPEECH, "Idempotency-Key", "once")).isEqualTo(first);
        assertProblem(submit(QUICK + "&seed=1", WAV, SPEECH, "Idempotency-Key", "once"), 422, "idempotency_key_reused");
        assertProblem(submit(QUICK, WAV, SPEECH, "Idempotency-Key", "a b"), 400, "bad_parameter");
        awaitEnd(first, "done");
    }

    @Test
    void aZipIsABatch() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("a/one.wav", SPEECH);
        files.put("../two.flac", new byte[] {1, 2, 3});
        files.put("a/one.flac", SPEECH);
        String location = job("/v1/mel?n_fft=512", "application/zip", zip(files));
        awaitEnd(location, "done");
        byte[] all = result(location).body();
        Map<String, byte[]> answers = unzip(all);
        JsonNode lines = mapper.readTree(answers.get("manifest.json")).get("files");

        // Values of sound are not deflated, which would take minutes of large batches.
        assertThat(all.length)
                .isGreaterThan(answers.values().stream()
                        .mapToInt(answer -> answer.length)
                        .sum());
        assertThat(answers.keySet()).containsExactly("manifest.json", "a/one.npy", "a/one-2.npy");
        assertThat(answers.get("a/one.npy"))
                .isEqualTo(post("/v1/mel?n_fft=512", WAV, SPEECH, "Authorization", "Bearer " + ALI)
                        .body());
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0).get("answer").asString()).isEqualTo("a/one.npy");
        assertThat(lines.get(0).get("report").get("n_fft").asInt()).isEqualTo(512);
        assertThat(lines.get(1).get("name").asString()).isEqualTo("../two.flac");
        assertThat(lines.get(1).get("error").get("code").asString()).isEqualTo("unsupported_media_type");
        assertThat(lines.get(1).has("answer")).isFalse();
    }

    /** As Windows and 7-Zip write a name, and as macOS does: without the flag that says which of them it is. */
    @ParameterizedTest
    @ValueSource(strings = {"IBM437", "UTF-8"})
    void aNameInAZipMayBeOfCodePage437(String charset) throws IOException {
        byte[] name = "Grüße.wav".getBytes(charset);
        byte[] zip = zip(Map.of("a".repeat(name.length), SPEECH));
        int directory = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).getInt(zip.length - 6);
        for (int header : new int[] {0, directory}) {
            boolean local = header == 0;
            zip[header + (local ? 7 : 9)] &= ~8; // the flag of UTF-8
            System.arraycopy(name, 0, zip, header + (local ? 30 : 46), name.length);
        }
        String location = job("/v1/stft?n_fft=512", "application/zip", zip);
        awaitEnd(location, "done");

        assertThat(unzip(result(location).body())).containsOnlyKeys("manifest.json", "Grüße.npy");
    }

    /** What has no answer yet is a line, too. */
    @Test
    void aCancelledBatchAnswersWhatItHas() throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("a.wav", SPEECH);
        files.put("b.wav", SPEECH);
        String location = job(LONG, "application/zip", zip(files));
        await().until(() -> document(location).path("iterations").asInt() > 0);
        cancel(location);
        awaitEnd(location, "cancelled");
        Map<String, byte[]> answers = unzip(result(location).body());
        JsonNode lines = mapper.readTree(answers.get("manifest.json")).get("files");

        assertThat(answers).containsOnlyKeys("manifest.json", "a.wav");
        assertThat(lines.get(0).get("report").get("cancelled").asBoolean()).isTrue();
        assertThat(lines.get(1).get("status").asInt()).isEqualTo(410);
        assertThat(lines.get(1).at("/error/code").asString()).isEqualTo("cancelled");
    }

    @Test
    void aFormOfSeveralFilesIsABatch() throws IOException {
        String part = "--b\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n";
        byte[] form = dev.phasor.Bytes.join(
                part.formatted("n_fft", "").getBytes(StandardCharsets.UTF_8),
                "512\r\n".getBytes(StandardCharsets.UTF_8),
                part.formatted("file", "; filename=\"a.wav\"").getBytes(StandardCharsets.UTF_8),
                SPEECH,
                ("\r\n" + part.formatted("file", "; filename=\"a.wav\"")).getBytes(StandardCharsets.UTF_8),
                SPEECH,
                "\r\n--b--\r\n".getBytes(StandardCharsets.UTF_8));
        String location = job("/v1/stft", "multipart/form-data; boundary=b", form);
        awaitEnd(location, "done");
        Map<String, byte[]> answers = unzip(result(location).body());

        assertThat(answers.keySet()).containsExactly("manifest.json", "a.npy", "a-2.npy");
        assertThat(answers.get("a-2.npy"))
                .isEqualTo(post("/v1/stft?n_fft=512", WAV, SPEECH, "Authorization", "Bearer " + ALI)
                        .body());
    }

    @Test
    void aFormOfTooManyFieldsIsRefused() {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            fields.append("--b\r\nContent-Disposition: form-data; name=\"n_fft\"\r\n\r\n512\r\n");
        }
        String file = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nRIFF\r\n";
        String form = file + file + fields + "--b--\r\n";

        String location = job("/v1/stft", "multipart/form-data; boundary=b", form.getBytes(StandardCharsets.US_ASCII));
        awaitEnd(location, "failed");
        assertThat(text(result(location)))
                .contains("too_large", "a form must have at most 50 parts beside its files, got more");
    }

    @Test
    void aZipWhoseDirectoryIsSaidToBeLargeIsRefused() throws IOException {
        byte[] zip = zip(Map.of("a.wav", SPEECH));
        ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putInt(zip.length - 10, 1 << 30);
        String location = job("/v1/stft", "application/zip", zip);
        awaitEnd(location, "failed");
        assertThat(text(result(location))).contains("too_large", "a directory of at most 8388608 bytes");
    }

    @ParameterizedTest
    @CsvSource({
        "name=file; filename=a\0b, , the character 0",
        "name=file; filename==?utf-8?B?!!!!?=, , encoded as RFC 2047 says",
        "filename=a, , each part of a form must be named",
        "name=x, Content-Type: multipart/mixed, there is no boundary",
    })
    void aFormWithAnOddPartIsRefused(String disposition, @Nullable String type, String expected) {
        String file = "--b\r\nContent-Disposition: form-data; name=file; filename=a.wav\r\n\r\nRIFF\r\n";
        String odd = "--b\r\nContent-Disposition: form-data; " + disposition + "\r\n"
                + (type == null ? "" : type + "\r\n") + "\r\nRIFF\r\n";
        byte[] form = (file + file + odd + "--b--\r\n").getBytes(StandardCharsets.US_ASCII);
        String location = job("/v1/stft", "multipart/form-data; boundary=b", form);
        awaitEnd(location, "failed");
        HttpResponse<byte[]> result = result(location);
        assertThat(result.statusCode()).isEqualTo(400);
        assertThat(text(result)).contains(expected);
    }

    @Test
    void halfACharacterIsNoName() throws IOException {
        String file = "--b\r\nContent-Disposition: form-data; name=file; filename=%s\r\n\r\nRIFF\r\n";
        String form = file.formatted("=?CESU-8?B?7aCA?=") + file.formatted("a.wav") + "--b--\r\n";
        String location = job("/v1/stft", "multipart/form-data; boundary=b", form.getBytes(StandardCharsets.US_ASCII));
        awaitEnd(location, "done");
        JsonNode lines = mapper.readTree(unzip(result(location).body()).get("manifest.json"))
                .get("files");
        assertThat(lines.findValuesAsString("name")).containsExactly("?", "a.wav");
    }

    @Test
    void aZipWithALongNameIsRefused() throws IOException {
        String location = job("/v1/stft", "application/zip", zip(Map.of("a".repeat(2000), SPEECH)));
        awaitEnd(location, "failed");
        assertThat(text(result(location))).contains("a name in a ZIP must have at most 1000 characters, got 2000");
    }

    @Test
    void aZipWithoutItsEndIsRefused() throws IOException {
        byte[] zip = zip(Map.of("a.wav", SPEECH));
        String location = job("/v1/stft", "application/zip", Arrays.copyOf(zip, zip.length - 1));
        awaitEnd(location, "failed");
        assertThat(text(result(location))).contains("the ZIP must be readable to its end");
    }

    @Test
    void aZipWhoseNameHasTheCharacter0IsRefused() throws IOException {
        String location = job("/v1/stft", "application/zip", zip(Map.of("a\0.wav", SPEECH)));
        awaitEnd(location, "failed");
        assertThat(text(result(location))).contains("without the character 0, got a?.wav");
    }

    /** Its samples would be those of another sound. */
    @Test
    void aDamagedFileOfAZipIsALine() throws IOException {
        byte[] zip = zip(Map.of("a.wav", SPEECH, "b.wav", SPEECH));
        int directory = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).getInt(zip.length - 6);
        zip[directory + 16] ^= 1; // of the first file's checksum
        String location = job("/v1/stft", "application/zip", zip);
        awaitEnd(location, "done");
        JsonNode lines = mapper.readTree(unzip(result(location).body()).get("manifest.json"))
                .get("files");
        assertThat(lines.get(0).get("status").asInt()).isEqualTo(400);
        assertThat(lines.get(1).get("status").asInt()).isEqualTo(200);
        assertThat(lines.get(0).get("error").get("code").asString()).isEqualTo("malformed_body");
    }

    @Test
    void aZipUnderAPasswordIsRefused() throws IOException {
        byte[] zip = zip(Map.of("a.wav", SPEECH));
        ByteBuffer end = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        zip[end.getInt(zip.length - 6) + 8] |= 1;
        String location = job("/v1/stft", "application/zip", zip);
        awaitEnd(location, "failed");
        assertThat(text(result(location))).contains("without a password").doesNotContain("Exception");
    }

    private static byte[] zip(Map<String, byte[]> files) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue());
            }
        }
        return bytes.toByteArray();
    }

    private static Map<String, byte[]> unzip(byte[] bytes) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (var zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), zip.readAllBytes());
            }
        }
        return files;
    }

    @Test
    void nothingButTheAnswerIsKept() {
        String location = job(QUICK, WAV, SPEECH);
        awaitEnd(location, "done");
        String id = location.substring(location.lastIndexOf('/') + 1);

        await().untilAsserted(() -> assertThat(
                        names(folder.resolve(id.substring(0, 2)).resolve(id)))
                .containsExactly("result-1"));
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void itIsMetered() {
        String location = job(QUICK, WAV, SPEECH);
        awaitEnd(location, "done");

        assertThat(metrics()).contains("phasor_jobs{state=\"done\"}", "phasor_jobs_ended_seconds_count{");
    }
}
