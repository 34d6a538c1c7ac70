package dev.phasor.gradient;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.Ranges;
import java.util.function.IntFunction;

/** Limits values to the range of float32, +-{@link Float#MAX_VALUE}, and counts the limited values. */
final class Saturation {

    private long count;

    long count() {
        return count;
    }

    void add(long saturated) {
        count += saturated;
    }

    /** {@code value} as float32, limited to its range. */
    float toFloat(double value) {
        float single = (float) value;
        if (Float.isInfinite(single)) {
            count++;
            return Math.copySign(Float.MAX_VALUE, single);
        }
        return single;
    }

    /** The planes of all items times {@code factor}. */
    float[][] scaled(IntFunction<float[]> planes, int items, double factor) {
        float[][] scaled = new float[items][];
        for (int item = 0; item < items; item++) {
            float[] values = planes.apply(item).clone();
            Ranges.inOrder(values.length, (from, to) -> {
                for (int i = from; i < to; i++) {
                    values[i] = toFloat(values[i] * factor);
                }
            });
            scaled[item] = values;
        }
        return scaled;
    }

    /** Limits infinities in place. A transform of finite values gives infinities if a sum exceeds float32. */
    float[] clamp(float[] values) {
        Ranges.inOrder(values.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                values[i] = toFloat(values[i]);
            }
        });
        return values;
    }

    /** Limits infinities in the item's samples, in place. */
    AudioSignal clamp(AudioSignal audio) {
        for (int item = 0; item < audio.items(); item++) {
            clamp(audio.samples(item));
        }
        return audio;
    }

    /** Limits infinities in the planes, in place. */
    ComplexSpectrogram clamp(ComplexSpectrogram z) {
        for (int item = 0; item < z.items(); item++) {
            clamp(z.re(item));
            clamp(z.im(item));
        }
        return z;
    }
}
