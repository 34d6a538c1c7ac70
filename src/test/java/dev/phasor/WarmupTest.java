package dev.phasor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.operation.Endpoint;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
class WarmupTest {

    @Test
    void everyOperationIsAsked() throws IOException {
        assertThat(Warmup.requests().stream().map(Warmup.Request::endpoint)).contains(Endpoint.values());
    }

    @Test
    void everyOperationAnswers(CapturedOutput output) {
        try (ConfigurableApplicationContext service = start("--phasor.warmup=2m")) {
            assertThat(service.isRunning()).isTrue();
        }
        assertThat(output)
                .contains("warm after")
                .doesNotContain("is not warmed")
                .doesNotContain("(phasor.warmup)");
    }

    @Test
    void whatTheSettingsRefuseIsLeftOut(CapturedOutput output) {
        try (ConfigurableApplicationContext service = start("--phasor.warmup=2m", "--phasor.limits.max-fft-size=512")) {
            assertThat(service.isRunning()).isTrue();
        }
        assertThat(output).contains("stft is not warmed: n_fft must be").contains("warm after");
    }

    private static ConfigurableApplicationContext start(String... settings) {
        String[] all = new String[settings.length + 2];
        System.arraycopy(settings, 0, all, 0, settings.length);
        all[settings.length] = "--server.port=0";
        all[settings.length + 1] = "--management.server.port=0";
        return SpringApplication.run(PhasorApplication.class, all);
    }
}
