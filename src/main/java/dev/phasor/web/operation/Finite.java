package dev.phasor.web.operation;

import dev.phasor.codec.NpyArray;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Shape;
import java.util.Arrays;

/** Refuses what is not finite, at the edge and once, with the count and the first index. */
final class Finite {

    private Finite() {}

    static void check(String name, NpyArray array) {
        float[] real = array.real();
        float[] imag = array.isComplex() ? array.imaginary() : real;
        long count = 0;
        int first = -1;
        for (int i = 0; i < real.length; i++) {
            if (!(Float.isFinite(real[i]) && Float.isFinite(imag[i]))) {
                first = count++ == 0 ? i : first;
            }
        }
        refuse(name, count, array.shape(), first);
    }

    static void check(String name, AudioSignal audio) {
        long count = 0;
        int first = -1;
        for (int item = 0; item < audio.items(); item++) {
            float[] samples = audio.samples(item);
            for (int i = 0; i < samples.length; i++) {
                if (!Float.isFinite(samples[i])) {
                    first = count++ == 0 ? item * samples.length + i : first;
                }
            }
        }
        refuse(name, count, audio.shape(), first);
    }

    /** Refuses input so large that what follows from it leaves float32's range. */
    static void result(String name, ComplexSpectrogram spectrogram) {
        for (int item = 0; item < spectrogram.items(); item++) {
            if (!(finite(spectrogram.re(item)) && finite(spectrogram.im(item)))) {
                throw overflow(name);
            }
        }
    }

    static void result(String name, AudioSignal audio) {
        for (int item = 0; item < audio.items(); item++) {
            if (!finite(audio.samples(item))) {
                throw overflow(name);
            }
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
        float sum = 0;
        for (int i = 0; i < count; i++) {
            sum += values[i] * 0;
        }
        return sum == 0;
    }

    private static InvalidInputException overflow(String name) {
        return new InvalidInputException(
                Code.NON_FINITE_INPUT,
                "the input must be small enough for float32, got values so large that " + name + " is not finite");
    }

    private static void refuse(String name, long count, Shape shape, int first) {
        if (count > 0) {
            throw nonFinite(name, count, shape.toString(), Arrays.toString(shape.index(first)));
        }
    }

    static InvalidInputException nonFinite(String name, long count, String shape, String first) {
        return new InvalidInputException(
                Code.NON_FINITE_INPUT,
                name + " must be finite in float32, got " + count + " NaN or infinite values in shape " + shape
                        + ", the first at " + first);
    }
}
