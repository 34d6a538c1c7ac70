package dev.phasor.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import dev.phasor.Golden;
import dev.phasor.Recordings;
import dev.phasor.codec.WavBytes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerLaunchException;

/** The image, built from the Dockerfile, locked down as a cluster would, and called over HTTP. */
@EnabledIf(value = "engineIsThere", disabledReason = "no container engine")
class ImageIT {

    private static final Logger log = LoggerFactory.getLogger(ImageIT.class);

    /** Between SIGTERM and SIGKILL: it ends within half a second where the machine has nothing else to do. */
    private static final int PATIENCE_SECONDS = 60;

    private static final HttpClient client = HttpClient.newHttpClient();

    private static PhasorContainer service;

    static boolean engineIsThere() {
        boolean there = DockerClientFactory.instance().isDockerAvailable();
        if (!there) {
            log.warn("THE IMAGE IS NOT TESTED: no container engine answers here (DOCKER_HOST, /var/run/docker.sock)");
        }
        return there;
    }

    @BeforeAll
    static void start() {
        service = new PhasorContainer().open();
        log.info("image {}: {} MB", service.getDockerImageName(), service.imageBytes() / 1_000_000);
        long before = System.nanoTime();
        service.start();
        log.info("container ready {} ms after its start", (System.nanoTime() - before) / 1_000_000);
    }

    @AfterAll
    static void stop() {
        service.stop();
    }

    @Test
    void aRecordingGoesThroughTheTransformAndComesBackAsItWas() throws Exception {
        byte[] recording = Files.readAllBytes(Recordings.speech());

        HttpResponse<byte[]> response = client.send(
                HttpRequest.newBuilder(uri("/v1/reconstruct?n_fft=1024&hop_length=256"))
                        .header("Content-Type", "audio/wav")
                        .POST(BodyPublishers.ofByteArray(recording))
                        .build(),
                BodyHandlers.ofByteArray());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Phasor-Report").orElseThrow()).contains("\"algorithm\":\"istft\"");
        assertThat(WavBytes.read(response.body()).samples(0))
                .containsExactly(WavBytes.read(recording).samples(0), within(1e-6f));
    }

    /** By the ffmpeg that is in the image, on a base without libraries for screens and sound. */
    @Test
    void anMp3IsDecodedAndResampled() throws Exception {
        HttpResponse<byte[]> response = client.send(
                HttpRequest.newBuilder(uri("/v1/reconstruct?n_fft=1024&resample_to=8000"))
                        .header("Content-Type", "audio/mpeg")
                        .POST(BodyPublishers.ofByteArray(Golden.bytes("foreign/speech.mp3")))
                        .build(),
                BodyHandlers.ofByteArray());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Phasor-Report").orElseThrow())
                .contains("\"source_format\":\"mp3\"", "\"decoded_by\":\"ffmpeg 8.");
        assertThat(WavBytes.read(response.body()).length()).isEqualTo(12_000);
    }

    @Test
    void thePhaseIsComputedWithSimd() throws Exception {
        assertThat(get("/v1/backends").body()).contains("\"vector\"").contains("SIMD on the CPU");
    }

    @Test
    void itIsAliveReadyAndHealthy() throws Exception {
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        assertThat(service.execInContainer("./ask", "/readyz").getExitCode()).isZero();
        assertThat(service.execInContainer("./ask", "/nowhere").getExitCode()).isNotZero();
    }

    @Test
    void itRunsAsNobodyOnAReadOnlyRoot() throws Exception {
        assertThat(service.execInContainer("id", "-u").getStdout()).isEqualTo("10001\n");
        assertThat(service.execInContainer("bash", "-c", "echo >/opt/phasor/file")
                        .getStderr())
                .contains("Read-only file system");
    }

    @Test
    void itStartsWithMappedClassesAndTheBeansThatWereFoundInTheBuild() throws Exception {
        String maps = service.execInContainer("cat", "/proc/1/maps").getStdout();

        assertThat(maps).contains("/opt/phasor/phasor.aot");
        assertThat(service.output()).contains("Starting AOT-processed PhasorApplication");
    }

    @Test
    void withoutAKeyItRefusesToStart() {
        try (PhasorContainer closed = new PhasorContainer().ending()) {
            assertThatThrownBy(closed::start).isInstanceOf(ContainerLaunchException.class);
            assertThat(closed.output()).contains("has no key");
        }
    }

    /** 143 is the end by SIGTERM; 137 that of what had not ended when the engine's patience was over. */
    @Test
    void toldToStopItAnswersWhatRunsAndEnds() throws Exception {
        byte[] recording = Files.readAllBytes(Recordings.speech());
        try (PhasorContainer stopping = new PhasorContainer().open()) {
            stopping.start();
            try (HeldUpload upload = HeldUpload.begin(stopping.getHost(), stopping.getMappedPort(8080), recording)) {
                long before = System.nanoTime();
                var stopped = stopping.stopInBackground(PATIENCE_SECONDS);
                stopping.awaitLog("Commencing graceful shutdown");

                assertThat(upload.finish()).startsWith("HTTP/1.1 200");

                stopped.join();
                log.info("stopped {} ms after SIGTERM", (System.nanoTime() - before) / 1_000_000);
            }
            ContainerState state = stopping.getCurrentContainerInfo().getState();
            assertThat(state.getExitCodeLong()).isEqualTo(143);
        }
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private static URI uri(String path) {
        return URI.create("http://" + service.getHost() + ":" + service.getMappedPort(8080) + path);
    }
}
