package dev.phasor.operation;

import dev.phasor.codec.NpyArray;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.Finiteness;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.stft.StftParameters;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Refuses what is not finite, at the edge and once, with the count and the first index. */
final class Finite {

    private static final int SHORTEST_RANGE = 1 << 14;

    /** A tenth of float32's range. */
    private static final double SAFE = 3e37;

    private Finite() {}

    static void check(String name, NpyArray array) {
        if (isFinite(array)) {
            return;
        }
        float[] real = array.real();
        float[] imag = array.isComplex() ? array.imaginary() : real;
        Tally tally = new Tally();
        Ranges.inOrder(real.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                if (!(Float.isFinite(real[i]) && Float.isFinite(imag[i]))) {
                    tally.add(array.rowMajor(i));
                }
            }
        });
        tally.refuse(name, array.shape());
    }

    static void check(String name, AudioSignal audio) {
        if (Float.isFinite(audio.peak())) {
            return;
        }
        Tally tally = new Tally();
        for (int item = 0; item < audio.items(); item++) {
            float[] samples = audio.samples(item);
            if (finite(samples)) {
                continue;
            }
            int offset = item * samples.length;
            Ranges.inOrder(samples.length, (from, to) -> {
                for (int i = from; i < to; i++) {
                    if (!Float.isFinite(samples[i])) {
                        tally.add(offset + i);
                    }
                }
            });
        }
        tally.refuse(name, audio.shape());
    }

    /**
     * Whether every value of a spectrogram of this audio is surely within float32's range, as is every sum on the way:
     * none is larger than that of a frame's n_fft samples, times the square root of 2, and no window is above 1.
     */
    static boolean isSafe(AudioSignal audio, StftParameters transform) {
        return audio.peak() * transform.fftSize() < SAFE;
    }

    /** Refuses input so large that what follows from it leaves float32's range. */
    static void result(String name, ComplexSpectrogram spectrogram) {
        for (int item = 0; item < spectrogram.items(); item++) {
            if (!(finite(spectrogram.re(item)) && finite(spectrogram.im(item)))) {
                throw overflow(name);
            }
        }
    }

    /**
     * Checks mels.
     *
     * @param floored whether the request says what minus infinity, the logarithm of 0, stands for
     * @throws InvalidInputException {@code NON_FINITE_INPUT} with the first place
     */
    static void mels(RealSpectrogram mels, boolean floored) {
        for (int item = 0; item < mels.items(); item++) {
            float[] values = mels.values(item);
            if (finite(values)) {
                continue;
            }
            for (int i = 0; i < values.length; i++) {
                boolean zero = values[i] == Float.NEGATIVE_INFINITY;
                if (!Float.isFinite(values[i]) && !(zero && floored)) {
                    throw new InvalidInputException(
                            Code.NON_FINITE_INPUT,
                            "mel must be finite, got " + values[i] + " at "
                                    + Arrays.toString(mels.shape().index(item, i))
                                    + (zero ? ", the logarithm of 0: send log_floor, the mel that it stands for" : ""));
                }
            }
        }
    }

    static void result(String name, NpyArray array) {
        if (!isFinite(array)) {
            throw overflow(name);
        }
    }

    private static boolean isFinite(NpyArray array) {
        return array.isKnownFinite() || finite(array.real()) && (!array.isComplex() || finite(array.imaginary()));
    }

    static void result(String name, AudioSignal audio) {
        for (int item = 0; item < audio.items(); item++) {
            if (!finite(audio.samples(item))) {
                throw overflow(name);
            }
        }
    }

    /** Refuses figures of what has left float32's range. */
    static void result(String name, List<Double> figures) {
        if (!figures.stream().allMatch(Double::isFinite)) {
            throw overflow(name);
        }
    }

    /** The first {@code count} of them. */
    static void samples(String name, float[] values, int count) {
        if (!finite(values, count)) {
            throw overflow(name);
        }
    }

    private static boolean finite(float[] values) {
        return finite(values, values.length);
    }

    private static boolean finite(float[] values, int count) {
        AtomicBoolean finite = new AtomicBoolean(true);
        Ranges.forEach(count, count, SHORTEST_RANGE, (from, to) -> {
            for (int i = from; i < to && finite.get(); i += SHORTEST_RANGE) {
                if (!Finiteness.of(values, i, Math.min(to, i + SHORTEST_RANGE))) {
                    finite.set(false);
                }
            }
        });
        return finite.get();
    }

    static InvalidInputException overflow(String name) {
        return new InvalidInputException(
                Code.NON_FINITE_INPUT,
                "the input must be small enough for float32, got values so large that " + name + " is not finite");
    }

    /** How many values are not finite, and where the first of them stands. */
    private static final class Tally {

        private long count;
        private int first;

        void add(int position) {
            first = count++ == 0 ? position : Math.min(first, position);
        }

        void refuse(String name, Shape shape) {
            if (count > 0) {
                throw nonFinite(name, count, shape.toString(), Arrays.toString(shape.index(first)));
            }
        }
    }

    static InvalidInputException nonFinite(String name, long count, String shape, String first) {
        return new InvalidInputException(
                Code.NON_FINITE_INPUT,
                name + " must be finite in float32, got " + count + " NaN or infinite values in shape " + shape
                        + ", the first at " + first + "; find where they come from, or replace them");
    }
}
