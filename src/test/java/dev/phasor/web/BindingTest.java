package dev.phasor.web;

import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.PhasorApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** Where the service may be bound, and whether it starts there. */
@ExtendWith(OutputCaptureExtension.class)
class BindingTest {

    private static final String HASH = "--phasor.security.keys.ali=" + "41".repeat(32);

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", ""})
    void withoutAKeyItStartsOnLoopbackOnly(String address, CapturedOutput output) {
        assertThatThrownBy(() -> start("--server.address=" + address)).isNotNull();

        assertThat(output)
                .contains("APPLICATION FAILED TO START", "has no key", "phasor.security.keys.", "PHASOR_SECURITY_OPEN");
        assertThat(output).doesNotContain("\tat ");
    }

    @Test
    void gRpcAloneIsNotOpenEither(CapturedOutput output) {
        assertThatThrownBy(() -> start("--spring.grpc.server.address=0.0.0.0")).isNotNull();

        assertThat(output).contains("APPLICATION FAILED TO START", "bound to 0.0.0.0", "has no key");
    }

    @Test
    void whereItIsSaidInWordsItStartsOpenAndSaysSoOnce(CapturedOutput output) {
        start("--server.address=0.0.0.0", "--phasor.security.open=true").close();

        assertThat(output.toString().split("open to anyone", -1)).hasSize(2);
        assertThat(output).doesNotContain("generated security password");
    }

    @Test
    void aKeyMayBeAFileOfAMountedSecret(@TempDir Path secrets, CapturedOutput output) throws IOException {
        Files.writeString(secrets.resolve("phasor.security.keys.ali"), "41".repeat(32) + "\n");

        start("--server.address=0.0.0.0", "--spring.config.import=configtree:" + secrets + "/")
                .close();

        assertThat(output).doesNotContain("open to anyone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"open-sesame", "41", ""})
    void whatIsNoHashIsRefusedAndNotPrinted(String hash, CapturedOutput output) {
        assertThatThrownBy(() -> start("--phasor.security.keys.ali=" + hash)).isNotNull();

        assertThat(output).contains("phasor.security.keys.ali must be the SHA-256");
        assertThat(output).doesNotContain("open-sesame");
    }

    /** What hashing a variable gives that is not set. */
    @Test
    void theHashOfNothingIsRefused(CapturedOutput output) {
        assertThatThrownBy(() -> start("--phasor.security.keys.ali="
                        + "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"))
                .isNotNull();

        assertThat(output)
                .contains("phasor.security.keys.ali must be the SHA-256 of a key, got that of the empty string");
    }

    @Test
    void oneHashUnderTwoNamesIsRefused(CapturedOutput output) {
        String hash = "4a".repeat(32);
        assertThatThrownBy(() -> start(
                        "--phasor.security.keys.ali=" + hash, "--phasor.security.keys.baba=" + hash.toUpperCase(ROOT)))
                .isNotNull();

        assertThat(output).contains("phasor.security.keys must differ");
    }

    private static ConfigurableApplicationContext start(String... arguments) {
        SpringApplication application = new SpringApplication(PhasorApplication.class);
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--server.port=0";
        all[arguments.length + 1] = "--management.server.port=0";
        return application.run(all);
    }
}
