package dev.phasor.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Signals;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.RealSpectrogram;

/** Two gradients are close when their distance is small beside the expected one's norm. */
final class Closeness {

    /** Against central differences in double: float32 planes and waveforms are rounded on the way. */
    static final double RELATIVE = 1e-5;

    private Closeness() {}

    static void assertClose(AudioSignal actual, AudioSignal expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        for (int item = 0; item < actual.items(); item++) {
            assertClose(actual.samples(item), expected.samples(item));
        }
    }

    static void assertClose(ComplexSpectrogram actual, ComplexSpectrogram expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        for (int item = 0; item < actual.items(); item++) {
            assertClose(actual.re(item), expected.re(item));
            assertClose(actual.im(item), expected.im(item));
        }
    }

    static void assertClose(RealSpectrogram actual, RealSpectrogram expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        for (int item = 0; item < actual.items(); item++) {
            assertClose(actual.values(item), expected.values(item));
        }
    }

    static void assertClose(float[] actual, float[] expected) {
        assertThat(Signals.distance(actual, expected)).isLessThanOrEqualTo(RELATIVE * Signals.norm(expected));
    }
}
