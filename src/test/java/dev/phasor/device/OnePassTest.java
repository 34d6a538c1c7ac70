package dev.phasor.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Signals;
import dev.phasor.reconstruction.AcceleratedMap;
import dev.phasor.reconstruction.AcceleratedMap.Forward;
import dev.phasor.reconstruction.AcceleratedMap.Inverse;
import dev.phasor.reconstruction.AcceleratedMap.Kind;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.SpectrogramInverse.Inconsistency;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexRows;
import dev.phasor.signal.PlaneOrder;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The transform and its inverse on a device are the host's, of every size, framing, padding, order and scale. */
class OnePassTest {

    private static final Kernels HOST = Kernels.best();
    private static final int ITEMS = 3;

    private static DeviceAccelerator device;

    @BeforeAll
    static void open() {
        device = TestDevice.accelerator();
    }

    static Stream<StftParameters> transforms() {
        return StageTest.transforms();
    }

    /** Noise, the last item silent. */
    private static AudioSignal audio(StftParameters stft) {
        int length = Math.max(3 * stft.fftSize(), 10 * stft.hopLength()) + 7;
        float[][] samples = {Signals.noise(1, length), Signals.noise(2, length), new float[length]};
        return new AudioSignal(Shape.of(ITEMS), samples, 16000);
    }

    private static ComplexRows rows(SpectrogramShape shape, PlaneOrder order) {
        int count = shape.items() * shape.planeSize();
        return ComplexRows.of(shape, order, new float[count], new float[count]);
    }

    private static ComplexRows onHost(Stft stft, AudioSignal audio, PlaneOrder order) {
        ComplexRows out = rows(stft.shape(audio), order);
        new Forward(stft, audio, out).onHost();
        return out;
    }

    @ParameterizedTest
    @MethodSource("transforms")
    void theSpectrogramIsTheHosts(StftParameters parameters) {
        Stft stft = new Stft(parameters);
        AudioSignal audio = audio(parameters);
        for (PlaneOrder order : PlaneOrder.values()) {
            ComplexRows expected = onHost(stft, audio, order);
            ComplexRows found = rows(expected.shape(), order);
            device.compute(new Forward(stft, audio, found));
            StageTest.assertNear(values(found), values(expected), 1e-6);
        }
    }

    @Test
    void bothPartsMayStandInOneArray() {
        Stft stft = new Stft(StftParameters.hann(64, 16));
        AudioSignal audio = audio(stft.parameters());
        SpectrogramShape shape = stft.shape(audio);
        float[] host = new float[2 * ITEMS * shape.planeSize()];
        float[] found = new float[host.length];
        new Forward(stft, audio, ComplexRows.ofSubbands(shape, host)).onHost();
        device.compute(new Forward(stft, audio, ComplexRows.ofSubbands(shape, found)));
        StageTest.assertNear(found, host, 1e-6);
    }

    /** Of a spectrogram that no sound has, to a length that cuts a frame. */
    @ParameterizedTest
    @MethodSource("transforms")
    void theInverseAndItsFiguresAreTheHosts(StftParameters parameters) {
        Stft stft = new Stft(parameters);
        AudioSignal audio = audio(parameters);
        int length = audio.length() - 3;
        for (PlaneOrder order : PlaneOrder.values()) {
            ComplexRows z = onHost(stft, audio, order);
            for (int i = 0; i < ITEMS; i++) {
                float[] re = z.re(i).values();
                for (int at = 0; at < z.shape().planeSize(); at += 3) {
                    re[z.re(i).at(0, 0) + at] *= 1.5f;
                }
            }
            Inverse host = inverse(stft, z, length);
            Inverse found = inverse(stft, z, length);
            host.onHost();
            device.compute(found);
            for (int i = 0; i < ITEMS; i++) {
                StageTest.assertNear(found.samples()[i], host.samples()[i], 1e-6);
                assertSameFigure(found.found()[i].decibels(), host.found()[i].decibels());
                assertSameFigure(found.found()[i].insideDecibels(), host.found()[i].insideDecibels());
            }
        }
    }

    /** Below -100 dB a figure is the rounding of floats, and each transform has its own. */
    private static void assertSameFigure(double found, double expected) {
        assertThat(Math.max(found, -100)).isCloseTo(Math.max(expected, -100), within(1e-3));
    }

    private static Inverse inverse(Stft stft, ComplexRows z, int length) {
        return new Inverse(stft, HOST.iteration(), z, new float[z.items()][length], new Inconsistency[z.items()]);
    }

    @Test
    void theInverseOfTheSpectrogramIsTheSound() {
        Stft stft = new Stft(StftParameters.hann(512, 128));
        AudioSignal audio = audio(stft.parameters());
        ComplexRows z = rows(stft.shape(audio), PlaneOrder.BINS_FIRST);
        device.compute(new Forward(stft, audio, z));
        Inverse inverse = inverse(stft, z, audio.length());
        device.compute(inverse);
        for (int i = 0; i < ITEMS; i++) {
            StageTest.assertNear(inverse.samples()[i], audio.samples(i), 1e-6);
            assertThat(inverse.found()[i].decibels()).isLessThan(-120);
        }
    }

    /** Each item by itself: items near both ends of float32's range beside each other, to the bit. */
    @Test
    void aScaleIsExact() {
        Stft stft = new Stft(StftParameters.hann(128, 32));
        float[] samples = Signals.noise(1, 1000);
        AudioSignal audio =
                new AudioSignal(Shape.of(3), new float[][] {samples, times(samples, 100), times(samples, -90)}, 16000);
        ComplexRows z = rows(stft.shape(audio), PlaneOrder.BINS_FIRST);
        device.compute(new Forward(stft, audio, z));
        int plane = z.shape().planeSize();
        float[] re = Arrays.copyOf(z.re(0).values(), plane);
        assertThat(Arrays.copyOfRange(z.re(1).values(), plane, 2 * plane)).isEqualTo(times(re, 100));
        assertThat(Arrays.copyOfRange(z.re(2).values(), 2 * plane, 3 * plane)).isEqualTo(times(re, -90));
        Inverse inverse = inverse(stft, z, 1000);
        device.compute(inverse);
        assertThat(inverse.samples()[1]).isEqualTo(times(inverse.samples()[0], 100));
        assertThat(inverse.samples()[2]).isEqualTo(times(inverse.samples()[0], -90));
        assertThat(inverse.found()[1]).isEqualTo(inverse.found()[0]);
        assertThat(inverse.found()[2]).isEqualTo(inverse.found()[0]);
    }

    private static float[] times(float[] values, int exponent) {
        float[] scaled = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            scaled[i] = Math.scalb(values[i], exponent);
        }
        return scaled;
    }

    /** In memory for one item after the other. */
    @Test
    void itemsThatDoNotFitTogetherComeOneByOne() {
        Stft stft = new Stft(StftParameters.hann(256, 64));
        AudioSignal audio = audio(stft.parameters());
        ComplexRows together = rows(stft.shape(audio), PlaneOrder.BINS_FIRST);
        Forward all = new Forward(stft, audio, together);
        device.compute(all);
        ComplexRows alone = rows(stft.shape(audio), PlaneOrder.BINS_FIRST);
        TestDevice.accelerator(new OpenCl(TestDevice.require()), OnePass.bytes(all, 1))
                .compute(new Forward(stft, audio, alone));
        assertThat(values(alone)).isEqualTo(values(together));
    }

    /** What a map takes of a device is told before: at least as much, at most twice. */
    @ParameterizedTest
    @EnumSource
    void itsMemoryIsToldBefore(Kind kind) {
        FailingBinding binding = new FailingBinding(new OpenCl(TestDevice.require()));
        AcceleratedMap map = Calibration.map(kind, 1, 1000, HOST);
        TestDevice.accelerator(binding, 1L << 32).compute(map);
        assertThat(OnePass.bytes(map, 1)).isBetween(binding.mostBytes(), 2 * binding.mostBytes());
        assertThat(OnePass.largest(map, 1)).isBetween(binding.largest(), 2 * binding.largest());
    }

    /** Of work that the host is faster at, and of all work where it always is. */
    @Test
    void whatIsNotWorthItIsRefusedWithTheReason() {
        for (Kind kind : Kind.values()) {
            AcceleratedMap map = Calibration.map(kind, 1, 100, HOST);
            assertThat(refusal(map, map.work())).isEmpty();
            assertThat(refusal(map, map.work() + 1)).startsWith("too little work: 5.13e+04 values");
            assertThat(refusal(map, Double.POSITIVE_INFINITY)).isEqualTo("the host's cores measured faster at it");
        }
    }

    private static String refusal(AcceleratedMap map, double least) {
        DeviceMemory memory = new DeviceMemory(1 << 28);
        LeastWork leastWork = new LeastWork(0, Map.of(map.kind(), least));
        OpenCl binding = new OpenCl(TestDevice.require());
        return new DeviceAccelerator("stub", binding, memory, 1 << 28, Duration.ZERO, List.of(), leastWork)
                .refusal(map)
                .orElse("");
    }

    @Test
    void aDeviceWithLittleMemoryIsNotMeasured() {
        DeviceAccelerator small = TestDevice.accelerator(new OpenCl(TestDevice.require()), 1 << 20);
        assertThat(Calibration.onePass(small, HOST)).isEmpty();
    }

    @Test
    void theCalibrationMeasuresEach() {
        long before = device.solved();
        assertThat(Calibration.onePass(device, HOST))
                .containsOnlyKeys(Kind.values())
                .allSatisfy((kind, least) -> assertThat(least).isNotNegative());
        assertThat(device.solved() - before).isGreaterThanOrEqualTo(3 * 2 * Kind.values().length);
    }

    private static float[] values(ComplexRows rows) {
        float[] re = rows.re(0).values();
        float[] im = rows.im(0).values();
        float[] both = Arrays.copyOf(re, re.length + im.length);
        System.arraycopy(im, 0, both, re.length, im.length);
        return both;
    }
}
