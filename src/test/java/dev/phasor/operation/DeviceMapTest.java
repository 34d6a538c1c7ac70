package dev.phasor.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.codec.NpyArray;
import dev.phasor.device.TestDevice;
import dev.phasor.operation.Calls.Example;
import dev.phasor.reconstruction.Kernels;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole requests on a device: near the host's, told by the report, and the host's own where the device fails. */
class DeviceMapTest {

    private static List<Example> of(int fftSize) {
        List<String> names = List.of("stft", "stft to subbands", "istft", "phase", "phase of audio", "phase_vjp");
        return Calls.of(2, fftSize, fftSize / 4, 40).stream()
                .filter(example -> names.contains(example.name()))
                .toList();
    }

    static List<Example> examples() {
        return of(128);
    }

    /** Their transforms are not the device's. */
    static List<Example> odd() {
        return of(100).stream()
                .filter(example -> !example.name().startsWith("phase"))
                .toList();
    }

    private static Answer run(Kernels kernels, Example example) {
        Map<Endpoint, Operation> operations = Operations.all(Calls.settings(), kernels);
        return Objects.requireNonNull(operations.get(example.endpoint())).run(example.call());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theDeviceAnswers(Example example) {
        TestDevice.Losing losing = TestDevice.losing();
        Answer host = run(Kernels.best(), example);
        Answer device = run(Kernels.best().beside(losing.accelerator()), example);
        assertThat(device.report()).containsEntry("device", "stub").doesNotContainKey("device_reason");
        assertThat(backend(device)).contains("opencl");
        assertThat(backend(host)).doesNotContain("opencl");
        assertThat(losing.accelerator().solved()).isEqualTo(2);
        assertNear(device, host);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theHostAnswersWhicheverCallFails(Example example) {
        TestDevice.Losing losing = TestDevice.losing();
        Kernels beside = Kernels.best().beside(losing.accelerator());
        Answer host = run(Kernels.best(), example);
        run(beside, example);
        int before = losing.calls();
        Answer device = run(beside, example);
        int all = losing.calls() - before;
        assertThat(all).isGreaterThan(10);
        for (int calls = 0; calls < all - 10; calls += 1 + calls / 4) {
            losing.after(calls);
            Answer answered = run(beside, example);
            assertThat(values(answered)).as("after %d calls", calls).isDeepEqualTo(values(host));
            assertThat(answered.report())
                    .containsEntry("device_reason", "the device failed")
                    .containsEntry("backend", backend(host))
                    .doesNotContainKey("device");
            assertThat(answered.report().get("warnings")).asString().contains("device_failed: stub: cl");
            assertThat(losing.accelerator().heldBytes()).isZero();
            assertThat(losing.buffers()).isZero();
        }
        losing.never();
        assertThat(values(run(beside, example))).isDeepEqualTo(values(device));
    }

    @ParameterizedTest
    @MethodSource("odd")
    void oddSizesAreTheHosts(Example example) {
        TestDevice.Losing losing = TestDevice.losing();
        Answer host = run(Kernels.best(), example);
        Answer answered = run(Kernels.best().beside(losing.accelerator()), example);
        assertThat(values(answered)).isDeepEqualTo(values(host));
        assertThat(answered.report())
                .containsEntry("device_reason", "n_fft 100 is not a power of two in 32..8192")
                .containsEntry("backend", backend(host))
                .doesNotContainKey("device");
        assertThat(losing.calls()).isZero();
    }

    private static String backend(Answer answer) {
        return String.valueOf(answer.report().get("backend"));
    }

    private static float[][] values(Answer answer) {
        NpyArray array = answer.audio() != null
                ? NpyArray.of(answer.audio())
                : answer.arrays().values().iterator().next();
        return new float[][] {array.real(), array.isComplex() ? array.imaginary() : new float[0]};
    }

    private static void assertNear(Answer found, Answer expected) {
        float[][] a = values(found);
        float[][] b = values(expected);
        for (int part = 0; part < 2; part++) {
            double peak = 0;
            double most = 0;
            for (int i = 0; i < b[part].length; i++) {
                peak = Math.max(peak, Math.abs(b[part][i]));
                most = Math.max(most, Math.abs((double) a[part][i] - b[part][i]));
            }
            assertThat(most).isLessThanOrEqualTo(1e-6 * peak);
        }
    }
}
