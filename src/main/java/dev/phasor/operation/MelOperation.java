package dev.phasor.operation;

import dev.phasor.codec.NpyArray;
import dev.phasor.mel.MelFilters;
import dev.phasor.reconstruction.IterationKernel;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.Cancellation;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.FrameTransform;
import dev.phasor.stft.Stft;

/**
 * Audio to its mel spectrogram, as a trainer makes it. The transform is in double precision: a logarithm shows what is
 * quiet as well as what is loud.
 */
final class MelOperation implements Operation {

    /** Work of a bin: its part of a transform, its magnitude, its filters. */
    private static final long PASSES = 10;

    private final Transform transform;

    MelOperation(Transform transform) {
        this.transform = transform;
    }

    @Override
    public Answer run(Call call) {
        Report report = new Report();
        AudioSignal audio = call.inputs().audio(call.parameters());
        Stft stft = transform.ofAudio(call.parameters(), report);
        report.audio(audio.sampleRate(), audio.length());
        MelSetup setup = MelSetup.of(call, stft.parameters(), audio.sampleRate());
        report.mel(setup, call.parameters());
        SpectrogramShape shape = new SpectrogramShape(audio.leading(), setup.mels(), setup.frames(audio.length()));
        float[][] mels = shape.newPlanes();
        Ranges.each(mels.length, item -> {
            forward(setup, stft, audio.samples(item), transform.kernels().iteration(), mels[item]);
            setup.apply(mels[item]);
        });
        NpyArray array = NpyArray.of(new RealSpectrogram(shape, mels));
        Finite.result("the mel", array);
        return Answer.of("mel", array, report.finish());
    }

    /**
     * The mels of samples, before their logarithm.
     *
     * @param out Modified: [frame][mel], as many frames as it has room for.
     */
    static void forward(MelSetup setup, Stft stft, float[] samples, IterationKernel kernel, float[] out) {
        MelFilters filters = setup.filters();
        float[] emphasized = emphasized(samples, setup.preemphasis());
        int bins = filters.bins();
        int frames = out.length / filters.mels();
        Ranges.forEach(frames, PASSES * frames * bins, 1, (from, to) -> {
            Cancellation wanted = Cancellation.current();
            FrameTransform transform = stft.frameTransform();
            float[] re = new float[bins];
            float[] im = new float[bins];
            for (int frame = from; frame < to; frame++) {
                wanted.check();
                transform.analyze(emphasized, frame, re, im);
                kernel.magnitude(re, im, re, 0, bins);
                for (int k = 0; k < bins; k++) {
                    re[k] = setup.value().ofBin(re[k]);
                }
                filters.forward(re, 0, out, frame * filters.mels());
            }
        });
    }

    /** y[t] = x[t] - p x[t-1]. */
    static float[] emphasized(float[] x, double p) {
        if (p == 0) {
            return x;
        }
        float[] y = x.clone();
        Ranges.inOrder(x.length, (from, to) -> {
            for (int t = Math.max(1, from); t < to; t++) {
                y[t] = (float) (x[t] - p * x[t - 1]);
            }
        });
        return y;
    }

    /** The inverse of {@link #emphasized}: x[t] = y[t] + p x[t-1], in place. */
    static void deemphasize(float[] y, double p) {
        if (p != 0) {
            Ranges.inOrder(y.length, (from, to) -> {
                for (int t = Math.max(1, from); t < to; t++) {
                    y[t] = (float) (y[t] + p * y[t - 1]);
                }
            });
        }
    }
}
