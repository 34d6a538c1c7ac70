package dev.phasor.gradient;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.Ranges;
import java.util.function.IntFunction;

/**
 * Counts the values that float32 cannot hold while it turns them into the nearest that it can,
 * +-{@link Float#MAX_VALUE}.
 */
final class Saturation {

    private long count;

    long count() {
        return count;
    }

    void add(long saturated) {
        count += saturated;
    }

    /** {@code value} as float32. */
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

    /** Modified: infinities, which a transform of finite values yields where the sum is beyond float32. */
    float[] clamp(float[] values) {
        Ranges.inOrder(values.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                values[i] = toFloat(values[i]);
            }
        });
        return values;
    }

    /** Modified, as the planes are. */
    AudioSignal clamp(AudioSignal audio) {
        for (int item = 0; item < audio.items(); item++) {
            clamp(audio.samples(item));
        }
        return audio;
    }

    /** Modified, as the planes are. */
    ComplexSpectrogram clamp(ComplexSpectrogram z) {
        for (int item = 0; item < z.items(); item++) {
            clamp(z.re(item));
            clamp(z.im(item));
        }
        return z;
    }
}
