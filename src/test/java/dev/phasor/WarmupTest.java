package dev.phasor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.operation.Endpoint;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class WarmupTest {

    private static final String HASH = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

    @Test
    void everyOperationIsAsked() throws IOException {
        assertThat(WarmupRequests.all().stream().map(WarmupRequests.Request::endpoint))
                .contains(Endpoint.values());
    }

    /** Through each face, under the service's prefix, and by a key of its own where it wants one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--phasor.security.open=false",
                "--phasor.security.keys.studio=" + HASH,
                "--server.servlet.context-path=/phasor"
            })
    void everyOperationAnswers(String setting, CapturedOutput output) {
        try (ConfigurableApplicationContext service =
                start("--phasor.warmup=2m", "--phasor.security.requests-per-minute=1", setting)) {
            MeterRegistry meters = service.getBean(MeterRegistry.class);
            assertThat(meters.find("http.server.requests").meters()).isEmpty();
            assertThat(meters.get("phasor.live.ended").counters())
                    .singleElement()
                    .satisfies(ended -> {
                        assertThat(ended.getId().getTag("reason")).isEqualTo("ended");
                        assertThat(ended.count()).isGreaterThanOrEqualTo(8);
                    });
        }
        assertThat(output)
                .contains("warm after")
                .doesNotContain("is not warmed")
                .doesNotContain("(phasor.warmup)")
                .doesNotContain("POST /v1/phase");
    }

    @Test
    void whatTheSettingsRefuseIsLeftOut(CapturedOutput output) {
        try (ConfigurableApplicationContext service = start("--phasor.warmup=2m", "--phasor.limits.max-fft-size=512")) {
            assertThat(service.isRunning()).isTrue();
        }
        assertThat(output).contains("stft is not warmed: n_fft must be").contains("warm after");
    }

    @Test
    void whatItsOwnPortRefusesIsToldOnce(CapturedOutput output) {
        try (ConfigurableApplicationContext service = start("--phasor.warmup=2m", "--phasor.limits.max-upload=1KB")) {
            assertThat(service.isRunning()).isTrue();
        }
        assertThat(output).containsOnlyOnce("/v1 is not warmed").contains("warm after");
    }

    private static ConfigurableApplicationContext start(String... settings) {
        String[] all = new String[settings.length + 2];
        System.arraycopy(settings, 0, all, 0, settings.length);
        all[settings.length] = "--server.port=0";
        all[settings.length + 1] = "--management.server.port=0";
        return SpringApplication.run(PhasorApplication.class, all);
    }
}
