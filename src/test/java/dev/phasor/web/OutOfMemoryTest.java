package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.PhasorApplication;
import hungry.Hungry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A service that is out of memory ends, wherever that came, though nobody gave the JVM the flag for it. It leaves no
 * file, however it ends.
 */
class OutOfMemoryTest {

    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"pool", "thread"})
    void ends(String where) throws Exception {
        Path log = folder.resolve("log");
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Process service = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx96m",
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.io.tmpdir=" + temporary,
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PhasorApplication.class.getName(),
                        "--spring.main.sources=" + Hungry.class.getName(),
                        "--server.port=0",
                        "--management.server.port=0",
                        "--spring.grpc.server.port=0",
                        // OpenCL's binding unpacks its library into the temporary folder, for every start of a user.
                        "--phasor.device=off")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Awaitility.await()
                    .atMost(2, TimeUnit.MINUTES)
                    .until(() -> text(log).contains("Started PhasorApplication") || !service.isAlive());
            var port = PORT.matcher(text(log));
            assertThat(port.find()).as(text(log)).isTrue();

            HttpClient.newHttpClient()
                    .sendAsync(
                            HttpRequest.newBuilder(
                                            URI.create("http://127.0.0.1:" + port.group(1) + "/hungry?where=" + where))
                                    .POST(BodyPublishers.noBody())
                                    .build(),
                            BodyHandlers.discarding());

            assertThat(service.waitFor(1, TimeUnit.MINUTES)).as(text(log)).isTrue();
            assertThat(service.exitValue()).as(text(log)).isEqualTo(3);
            try (var left = Files.list(temporary)) {
                assertThat(left).isEmpty();
            }
        } finally {
            service.destroyForcibly();
        }
    }

    private static String text(Path log) throws IOException {
        return Files.readString(log);
    }
}
