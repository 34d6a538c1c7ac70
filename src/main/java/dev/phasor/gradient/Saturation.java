package dev.phasor.gradient;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import java.util.function.IntFunction;

/** Counts the values that float32 cannot hold while it turns them into the nearest that it can, +-{@link Float#MAX_VALUE}. */
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
            scaled[item] = planes.apply(item).clone();
            for (int i = 0; i < scaled[item].length; i++) {
                scaled[item][i] = toFloat(scaled[item][i] * factor);
            }
        }
        return scaled;
    }

    /** Modified: infinities, which a transform of finite values yields where the sum is beyond float32. */
    float[] clamp(float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = toFloat(values[i]);
        }
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
