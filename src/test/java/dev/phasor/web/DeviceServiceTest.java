package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.phasor.Recordings;
import dev.phasor.Signals;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyBytes;
import dev.phasor.device.TestDevice;
import dev.phasor.signal.Shape;
import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/** The service with a device that a setting names: what computes is told by reports, backends and meters. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class DeviceServiceTest extends ServiceTest {

    @DynamicPropertySource
    static void device(DynamicPropertyRegistry registry) {
        registry.add("phasor.device", () -> TestDevice.name().orElse("off"));
    }

    @BeforeEach
    void require() {
        assumeTrue(TestDevice.name().isPresent(), "no OpenCL device is here: pocl-opencl-icd makes one of the CPU");
    }

    @Test
    void theReportNamesTheDevice() {
        JsonNode report = report(
                post("/v1/reconstruct?n_fft=512&hop_length=128&algorithm=griffinlim&n_iter=8", Recordings.speech()));

        assertThat(report.get("device").asString()).isEqualTo(TestDevice.name().orElseThrow());
        assertThat(report.has("device_reason")).isFalse();
        assertThat(metrics())
                .contains(
                        "phasor_device_items_total{",
                        "phasor_device_seconds_total{",
                        "phasor_device_left_total{",
                        "phasor_device_failures_total{",
                        "phasor_device_memory{",
                        "phasor_device_memory_limit{",
                        "phasor_device_queue{");
    }

    @Test
    void wholeRequestsNameTheDevice() throws IOException {
        HttpResponse<byte[]> spectrogram = post(
                "/v1/stft?n_fft=256&hop_length=64",
                NPY,
                NpyBytes.write(NpyArray.real(Shape.of(8000), Signals.noise(1, 8000))));
        assertComputed(spectrogram);
        assertComputed(post("/v1/istft?hop_length=64&sample_rate=16000", NPY, spectrogram.body()));
        assertComputed(post("/v1/phase", NPY, spectrogram.body()));
    }

    private void assertComputed(HttpResponse<byte[]> answer) {
        JsonNode report = report(answer);
        assertThat(report.get("device").asString()).isEqualTo(TestDevice.name().orElseThrow());
        assertThat(report.get("backend").asString()).isEqualTo("opencl");
    }

    @Test
    void theReportSaysWhyTheHostComputed() {
        JsonNode report = report(
                post("/v1/reconstruct?n_fft=500&hop_length=125&algorithm=griffinlim&n_iter=2", Recordings.speech()));

        assertThat(report.has("device")).isFalse();
        assertThat(report.get("device_reason").asString()).isEqualTo("n_fft 500 is not a power of two in 32..8192");
    }

    @Test
    void backendsListTheDevices() {
        JsonNode devices = json(get("/v1/backends")).get("devices");

        assertThat(devices.isEmpty()).isFalse();
        long used = devices.valueStream()
                .filter(device -> device.get("used").asBoolean())
                .count();
        assertThat(used).isEqualTo(1);
        for (JsonNode device : devices) {
            assertThat(device.get("driver").asString()).isNotEmpty();
            assertThat(device.get("memory").asLong()).isPositive();
            assertThat(device.get("reason").asString()).isNotEmpty();
        }
    }
}
