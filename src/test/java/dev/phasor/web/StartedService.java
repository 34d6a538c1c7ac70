package dev.phasor.web;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The service in a process of its own, as it is deployed: with a heap of its own, that a test may run out of. */
final class StartedService implements AutoCloseable {

    private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

    private static final Pattern GRPC_PORT = Pattern.compile("gRPC Server started, listening on address: .*:(\\d+)");

    private final Process process;
    private final Path log;
    private int port;
    private int managementPort;

    private StartedService(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Cold, unless a setting says how long it may warm up.
     *
     * @param folder where its log is written, and its jobs unless a setting says where
     */
    static StartedService withHeap(String heap, Path folder, String... settings) throws IOException {
        Path log = folder.resolve("service.log");
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "--add-modules",
                "jdk.incubator.vector",
                "-Xmx" + heap,
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.phasor.PhasorApplication",
                "--server.port=0",
                "--management.server.port=0",
                "--spring.grpc.server.port=0"));
        command.addAll(List.of(settings));
        if (Stream.of(settings).noneMatch(setting -> setting.startsWith("--phasor.warmup="))) {
            command.add("--phasor.warmup=0s");
        }
        if (Stream.of(settings).noneMatch(setting -> setting.startsWith("--phasor.jobs.folder="))) {
            command.add("--phasor.jobs.folder=" + folder.resolve("jobs"));
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        StartedService service = new StartedService(process, log);
        await().atMost(Duration.ofMinutes(2)).until(service::hasPorts);
        return service;
    }

    private boolean hasPorts() {
        if (!process.isAlive()) {
            throw new IllegalStateException("the service ended: " + log());
        }
        Matcher ports = PORT.matcher(log());
        if (!ports.find()) {
            return false;
        }
        port = Integer.parseInt(ports.group(1));
        if (!ports.find()) {
            return false;
        }
        managementPort = Integer.parseInt(ports.group(1));
        return log().contains("Started PhasorApplication");
    }

    int port() {
        return port;
    }

    int grpcPort() {
        Matcher port = GRPC_PORT.matcher(log());
        if (!port.find()) {
            throw new IllegalStateException("gRPC did not start: " + log());
        }
        return Integer.parseInt(port.group(1));
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
    }

    /** Waits for its end. */
    int exitCode(Duration longest) throws InterruptedException {
        if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("it still runs: " + log());
        }
        return process.exitValue();
    }

    /** That its threads have taken. */
    Duration processorTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it has written up to now. */
    String log() {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A meter of one value. */
    double metric(String name) {
        URI metrics = URI.create("http://127.0.0.1:" + managementPort + "/actuator/prometheus");
        try (var in = metrics.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
