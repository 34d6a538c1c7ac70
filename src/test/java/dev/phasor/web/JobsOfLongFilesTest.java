package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.Recordings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Files of batches that are too long to be held. */
@TestPropertySource(
        properties = {"phasor.limits.max-upload=100KB", "phasor.stream.from=100KB", "phasor.jobs.enabled=true"})
class JobsOfLongFilesTest extends ServiceTest {

    @TempDir
    static Path folder;

    private final ObjectMapper mapper = new ObjectMapper();

    @DynamicPropertySource
    static void inItsFolder(DynamicPropertyRegistry registry) {
        registry.add("phasor.jobs.folder", () -> folder);
    }

    @Test
    void aLongSoundOfABatchFlowsAsAJobsDoes() throws IOException {
        String path = "/v1/reconstruct?n_fft=512&input=audio";
        byte[] speech = bytes(Recordings.speech());
        HttpResponse<byte[]> job = post(path, "application/zip", zip("a.wav", speech), "Prefer", "respond-async");
        assertThat(job.statusCode()).as(text(job)).isEqualTo(202);
        String location = job.headers().firstValue("Location").orElseThrow();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> json(get(location)).get("state").asString().equals("done"));
        try (var zip = new ZipInputStream(
                new ByteArrayInputStream(get(location + "/result").body()))) {
            zip.getNextEntry();
            JsonNode manifest = mapper.readTree(zip.readAllBytes());
            assertThat(manifest.at("/files/0/status").asInt())
                    .as(manifest.toString())
                    .isEqualTo(200);
            zip.getNextEntry();
            assertThat(zip.readAllBytes()).isEqualTo(post(path, WAV, speech).body());
        }
    }

    private static byte[] zip(String name, byte[] file) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(file);
        }
        return bytes.toByteArray();
    }
}
