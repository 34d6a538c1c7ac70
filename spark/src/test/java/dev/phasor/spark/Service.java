package dev.phasor.spark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The service, started from its jar. */
final class Service implements AutoCloseable {

    private final Process process;
    private final int port;
    private final HttpClient client = HttpClient.newHttpClient();

    private Service(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** The service's jar, which its own build makes. */
    static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../target"))) {
            return files.filter(file -> file.toString().matches(".*phasor-[^/]*(?<!-engine)\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("mvn package -DskipTests makes the service's jar"));
        }
    }

    static Service start() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-Xmx512m",
                        "-jar",
                        jar().toString(),
                        "--server.port=" + port,
                        "--management.server.port=0",
                        "--spring.grpc.server.port=0",
                        "--phasor.jobs.enabled=false",
                        "--phasor.warmup=0s")
                .redirectErrorStream(true)
                .start();
        StringBuilder said = new StringBuilder();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = "";
        while (!line.contains("Started PhasorApplication")) {
            line = lines.readLine();
            if (line == null) {
                throw new IllegalStateException("the service did not start:\n" + said);
            }
            said.append(line).append('\n');
        }
        Thread drain = new Thread(() -> lines.lines().forEach(each -> {}));
        drain.setDaemon(true);
        drain.start();
        return new Service(process, port);
    }

    /** The answer to a file as it is. */
    HttpResponse<byte[]> ask(String path, Map<String, String> parameters, Path file)
            throws IOException, InterruptedException {
        String query = parameters.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path + "?" + query))
                        .header("Content-Type", "application/octet-stream")
                        .POST(HttpRequest.BodyPublishers.ofFile(file))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
