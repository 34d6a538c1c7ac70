package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.phasor.PhasorApplication;
import dev.phasor.Recordings;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** A disk that takes nothing is the service's trouble, and its operator's: not the client's. */
@ExtendWith(OutputCaptureExtension.class)
@TestPropertySource(properties = "phasor.stream.memory=64KB")
class StorageTest extends ServiceTest {

    @TempDir
    private static Path temporary;

    @DynamicPropertySource
    static void folder(DynamicPropertyRegistry registry) throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("spools"));
        registry.add("phasor.stream.directory", () -> folder);
    }

    private final Path spools = temporary.resolve("spools");

    @AfterEach
    void mend() throws IOException {
        Files.createDirectories(spools);
        assertThat(stream().statusCode()).isEqualTo(200);
        try (var left = Files.list(spools)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aFolderThatIsGoneIsNotTheClientsFault(CapturedOutput output) throws IOException {
        Files.delete(spools);

        assertStorageFailed(stream(), output);
    }

    @Test
    void aFullDiskIsNotTheClientsFault(CapturedOutput output) throws Exception {
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", spools.toString()) == 0,
                "a file system can be mounted");
        try {
            assertStorageFailed(stream(), output);
        } finally {
            assertThat(run("umount", spools.toString())).isZero();
        }
    }

    @Test
    void aFolderThatIsNoneStopsTheStart(CapturedOutput output) {
        assertThatThrownBy(() -> new SpringApplication(PhasorApplication.class)
                        .run("--server.port=0", "--management.server.port=0", "--phasor.stream.directory=/nowhere"))
                .isNotNull();

        assertThat(output).contains("phasor.stream.directory must be a folder that can be written, got /nowhere");
    }

    private void assertStorageFailed(HttpResponse<byte[]> response, CapturedOutput output) {
        assertProblem(response, 503, "storage_failed");
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(output).containsPattern(" ERROR .*the service cannot write to " + spools);
        assertThat(metrics()).contains("phasor_problems_total{code=\"storage_failed\"}");
    }

    /** 445 kB are answered. */
    private HttpResponse<byte[]> stream() {
        return stream("/v1/reconstruct", WAV, bytes(Recordings.speech()));
    }

    private static int run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            return -1; // there is no such program
        }
    }
}
