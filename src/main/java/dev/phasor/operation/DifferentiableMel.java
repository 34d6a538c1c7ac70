package dev.phasor.operation;

import dev.phasor.mel.Preemphasis;
import dev.phasor.reconstruction.BoundedGradient;
import dev.phasor.reconstruction.MagnitudeGradient;
import dev.phasor.reconstruction.MelMagnitudes;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;

/**
 * A mel that came, as the magnitudes of which {@link ReconstructMelOperation} makes sound, and the adjoint of what is
 * done before its iterations and after them.
 */
final class DifferentiableMel {

    private final MelSetup setup;
    private final MelMagnitudes inverse;
    private final SpectrogramShape shape;
    private final float[][] mels;
    private final MagnitudeSpectrogram magnitude;

    /** @param sampleRate of the sound, Hz */
    DifferentiableMel(Call call, Stft stft, int sampleRate, Report report) {
        setup = MelSetup.of(call, stft, sampleRate);
        if (!ReconstructVjpOperation.isOfMel(call.parameters())) {
            report.mel(setup, call.parameters());
        }
        RealSpectrogram values = call.inputs().mels(call.parameters());
        shape = values.shape();
        mels = ReconstructMelOperation.undone(values, setup, report);
        inverse = new MelMagnitudes(setup.filters(), setup.value().power());
        int bins = stft.parameters().bins();
        float[][] planes = new float[mels.length][];
        for (int item = 0; item < planes.length; item++) {
            planes[item] = inverse.of(mels[item]);
        }
        magnitude = new MagnitudeSpectrogram(new SpectrogramShape(shape.leading(), bins, shape.frames()), planes);
    }

    MagnitudeSpectrogram magnitude() {
        return magnitude;
    }

    /** Frames of a sound's mel. */
    int frames(int samples) {
        return setup.transform().frames(samples);
    }

    /** Undoes the pre-emphasis, in place. */
    void finish(AudioSignal audio) {
        for (int item = 0; item < audio.items(); item++) {
            Preemphasis.undo(audio.samples(item), setup.preemphasis());
        }
    }

    /**
     * The adjoint of {@link #finish}.
     *
     * @param counts Modified: saturated values are added, as {@link MagnitudeGradient} counts
     */
    AudioSignal unfinish(AudioSignal cotangent, long[] counts) {
        if (setup.preemphasis() == 0) {
            return cotangent;
        }
        float[][] samples = new float[cotangent.items()][];
        for (int item = 0; item < samples.length; item++) {
            double[] exact = new double[cotangent.length()];
            float[] given = cotangent.samples(item);
            Ranges.inOrder(exact.length, (from, to) -> {
                for (int t = from; t < to; t++) {
                    exact[t] = given[t];
                }
            });
            Preemphasis.pullBackUndone(exact, setup.preemphasis());
            samples[item] = saturated(exact, counts);
        }
        return new AudioSignal(cotangent.leading(), samples, cotangent.sampleRate());
    }

    /**
     * The gradient with respect to the values that came.
     *
     * @param found with respect to {@link #magnitude}, whose memory it takes
     * @param counts Modified: roots near 0 and saturated values are added
     */
    RealSpectrogram gradient(RealSpectrogram found, BoundedGradient rule, long[] counts) {
        float[][] planes = new float[mels.length][];
        for (int item = 0; item < planes.length; item++) {
            double[] back = inverse.pullBack(mels[item], magnitude.values(item), found.values(item), rule, counts);
            setup.pullBackUndone(mels[item], back);
            planes[item] = saturated(back, counts);
        }
        return new RealSpectrogram(shape, planes);
    }

    private static float[] saturated(double[] values, long[] counts) {
        float[] singles = new float[values.length];
        Ranges.inOrder(values.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                singles[i] = (float) Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, values[i]));
                counts[1] += Math.abs(values[i]) > Float.MAX_VALUE ? 1 : 0;
            }
        });
        return singles;
    }
}
