package dev.phasor.image;

import com.github.dockerjava.api.model.Capability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.output.ToStringConsumer;
import org.testcontainers.containers.output.WaitingConsumer;
import org.testcontainers.containers.startupcheck.OneShotStartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * {@code docker run --read-only --cap-drop ALL --user 10001 -m 1g} of the image, built once and then from its cache.
 */
final class PhasorContainer extends GenericContainer<PhasorContainer> {

    private static final ImageFromDockerfile IMAGE = new ImageFromDockerfile("phasor:cpu", false)
            .withDockerfile(Path.of("Dockerfile").toAbsolutePath());

    private static final long GIB = 1L << 30;

    private final ToStringConsumer output = new ToStringConsumer();

    PhasorContainer() {
        super(IMAGE);
        withExposedPorts(8080);
        withLogConsumer(output);
        withCreateContainerCmdModifier(command -> command.withUser("10001")
                .getHostConfig()
                .withReadonlyRootfs(true)
                .withCapDrop(Capability.ALL)
                .withMemory(GIB));
        waitingFor(Wait.forHttp("/readyz").forPort(8080).withStartupTimeout(Duration.ofMinutes(2)));
    }

    /** To everyone who reaches it, which is this test. */
    PhasorContainer open() {
        return withEnv("PHASOR_SECURITY_OPEN", "true");
    }

    /** Expected to end by itself; {@link #start} throws if it ends with another status than 0. */
    PhasorContainer ending() {
        return withStartupCheckStrategy(new OneShotStartupCheckStrategy().withTimeout(Duration.ofMinutes(2)));
    }

    /** All that it wrote so far. */
    String output() {
        return output.toUtf8String();
    }

    long imageBytes() {
        return dockerClient.inspectImageCmd(getDockerImageName()).exec().getSize();
    }

    /** SIGTERM, and SIGKILL after so many seconds; done when it has ended. */
    CompletableFuture<Void> stopInBackground(int seconds) {
        return CompletableFuture.runAsync(() -> dockerClient
                .stopContainerCmd(getContainerId())
                .withTimeout(seconds)
                .exec());
    }

    void awaitLog(String text) throws TimeoutException {
        WaitingConsumer lines = new WaitingConsumer();
        followOutput(lines);
        lines.waitUntil(line -> line.getUtf8String().contains(text), 30, TimeUnit.SECONDS);
    }
}
