package dev.phasor.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Signals;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Framing;
import dev.phasor.stft.PadMode;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The passes over frames against the host's transform, of every size, framing, padding and kind of hop. */
class StageTest {

    private static Binding binding;
    private static Programs programs;

    @BeforeAll
    static void open() {
        binding = new OpenCl(TestDevice.require());
        programs = new Programs(binding);
    }

    static Stream<StftParameters> transforms() {
        List<StftParameters> all = new ArrayList<>();
        for (int size = 32; size <= 8192; size *= 2) {
            all.add(StftParameters.hann(size, size / 4));
        }
        for (PadMode pad : PadMode.values()) {
            all.add(new StftParameters(256, 77, 200, Window.HANN, Framing.CENTER, pad));
            all.add(new StftParameters(128, 32, 128, Window.HANN, Framing.SAME, pad));
        }
        Window hamming = new Window(Window.Kind.HAMMING, Window.DEFAULT);
        all.add(new StftParameters(64, 64, 64, hamming, Framing.NONE, PadMode.CONSTANT));
        all.add(new StftParameters(64, 1, 63, hamming, Framing.CENTER, PadMode.CONSTANT));
        return all.stream();
    }

    private static float[] signal(StftParameters stft) {
        return Signals.noise(1, Math.max(3 * stft.fftSize(), 10 * stft.hopLength()));
    }

    /** M e^(i phase) of a spectrogram is the spectrogram: its inverse is the host's. */
    @ParameterizedTest
    @MethodSource("transforms")
    void theStartIsTheHostsInverse(StftParameters parameters) {
        Stft stft = new Stft(parameters);
        float[] samples = signal(parameters);
        ComplexSpectrogram z = stft.forward(AudioSignal.mono(samples, 16000));
        int frames = z.shape().frames();
        float[] expected = new float[samples.length];
        stft.inverse(z.re(0), z.im(0), expected);
        float[] found = new float[samples.length];
        try (Computation computation = new Computation(binding, programs)) {
            Stage stage = stage(computation, stft, z, samples.length);
            DeviceArray out = stage.newSignal();
            stage.start(false, out);
            computation.download(out, 0, found);
        }
        assertNear(found, expected, 3e-6);
        assertThat(frames).isEqualTo(parameters.frames(samples.length));
    }

    /** P_A of a signal's own magnitudes changes nothing, and the measured error is none. */
    @ParameterizedTest
    @MethodSource("transforms")
    void aSignalsOwnMagnitudesAreKept(StftParameters parameters) {
        Stft stft = new Stft(parameters);
        float[] samples = signal(parameters);
        ComplexSpectrogram z = stft.forward(AudioSignal.mono(samples, 16000));
        float[] expected = new float[samples.length];
        stft.inverse(z.re(0), z.im(0), expected);
        float[] found = new float[samples.length];
        try (Computation computation = new Computation(binding, programs)) {
            Stage stage = stage(computation, stft, z, samples.length);
            DeviceArray in = stage.newSignal();
            computation.upload(samples, in);
            stage.iterate(Step.PROJECT, in, false, 0, in);
            assertThat(Math.sqrt(stage.errors()[0] / stage.energies()[0])).isLessThan(1e-6);
            computation.download(in, 0, found);
        }
        assertNear(found, expected, 3e-6);
    }

    /** The error is that of the host's magnitudes, here against twice as large ones. */
    @ParameterizedTest
    @MethodSource("transforms")
    void theErrorIsTheHosts(StftParameters parameters) {
        Stft stft = new Stft(parameters);
        float[] samples = signal(parameters);
        ComplexSpectrogram z = stft.forward(AudioSignal.mono(samples, 16000));
        try (Computation computation = new Computation(binding, programs)) {
            Stage stage = stage(computation, stft, z, samples.length);
            DeviceArray in = stage.newSignal();
            for (int t = 0; t < samples.length; t++) {
                samples[t] *= 2;
            }
            computation.upload(samples, in);
            stage.pass(Step.PROJECT, in, false, 0);
            double energy = stage.energies()[0];
            assertThat(stage.errors()[0]).isCloseTo(energy, within(1e-5 * energy));
        }
    }

    private static Stage stage(Computation computation, Stft stft, ComplexSpectrogram z, int length) {
        SpectrogramShape shape = z.shape();
        Stage stage = new Stage(computation, stft, 1, shape.frames(), length);
        computation.upload(z.magnitude().values(0), stage.magnitude());
        float[] phase = new float[shape.frames() * shape.bins()];
        for (int i = 0; i < phase.length; i++) {
            phase[i] = (float) Math.atan2(z.im(0)[i], z.re(0)[i]);
        }
        computation.upload(phase, stage.phase());
        return stage;
    }

    static void assertNear(float[] found, float[] expected, double bound) {
        double peak = 0;
        double most = 0;
        for (int t = 0; t < expected.length; t++) {
            peak = Math.max(peak, Math.abs(expected[t]));
            most = Math.max(most, Math.abs((double) found[t] - expected[t]));
        }
        assertThat(most).isLessThanOrEqualTo(bound * peak);
    }
}
