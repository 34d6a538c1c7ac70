package dev.phasor.gradient;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;

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
