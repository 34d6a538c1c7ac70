package dev.phasor.gradient;

import dev.phasor.mel.MelFilters;
import dev.phasor.mel.MelStatistics;
import dev.phasor.mel.MelValue;
import dev.phasor.mel.Preemphasis;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.Cancellation;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.FrameTransform;
import dev.phasor.stft.Stft;

/**
 * The mel spectrogram of a waveform as a trainer makes it, and its adjoint. With the pre-emphasized signal's spectrum X
 * and the filters B,
 *
 * <pre>
 * v = statistics(value(B a)),   a = (max(|X|^2, powerFloor) + powerOffset)^(power/2)
 * dL/dX = slope X (B' c),       c = dL/d(B a)
 * </pre>
 *
 * with {@link MelValue#slope}, then the adjoint STFT and that of the pre-emphasis. The transform of the forward map is
 * in double precision: a logarithm shows what is quiet as well as what is loud. Instances are thread-safe.
 *
 * @param dropsLastFrame whether the last frame is left out, as Whisper does
 */
public record MelTransform(
        Stft stft,
        MelFilters filters,
        MelValue value,
        MelStatistics statistics,
        double preemphasis,
        boolean dropsLastFrame) {

    /** Work of a bin: its part of a transform, its magnitude, its filters. */
    private static final long PASSES = 10;

    /** Receives the spectrum of a frame. */
    private interface Keeper {
        void keep(int frame, float[] re, float[] im);
    }

    /** Frames of a sound's mel. */
    public int frames(int samples) {
        int frames = stft.parameters().frames(samples);
        return dropsLastFrame && frames > 1 ? frames - 1 : frames;
    }

    /**
     * The mels of samples, B a.
     *
     * @param out Modified: [frame][mel], as many frames as it has room for.
     */
    public void forward(float[] samples, float[] out) {
        forward(samples, out, (frame, re, im) -> {});
    }

    /**
     * What a trainer makes of an item's mels.
     *
     * @param mels Modified: [frame][mel].
     */
    public void apply(float[] mels) {
        value.apply(mels);
        statistics.apply(mels, filters.mels());
    }

    private void forward(float[] samples, float[] out, Keeper keeper) {
        int bins = filters.bins();
        int frames = out.length / filters.mels();
        Ranges.forEach(frames, PASSES * frames * bins, 1, (from, to) -> {
            Cancellation wanted = Cancellation.current();
            FrameTransform transform = stft.frameTransform();
            float[] re = new float[bins];
            float[] im = new float[bins];
            for (int frame = from; frame < to; frame++) {
                wanted.check();
                transform.analyze(samples, preemphasis, frame, re, im);
                keeper.keep(frame, re, im);
                mels(re, im, out, frame * filters.mels());
            }
        });
    }

    /**
     * The mels of one frame.
     *
     * @param re Modified, of the frame's spectrum.
     * @param out Modified, from {@code at} on.
     */
    public void mels(float[] re, float[] im, float[] out, int at) {
        for (int k = 0; k < filters.bins(); k++) {
            re[k] = value.ofBin((float) Math.min(Float.MAX_VALUE, Math.sqrt(square(re[k], im[k]))));
        }
        filters.forward(re, 0, out, at);
    }

    private static double square(double re, double im) {
        return re * re + im * im;
    }

    /**
     * The gradient of the whole map with respect to audio.
     *
     * @param cotangent the gradient with respect to its mel, [..., mels, frames] of {@link #frames}
     */
    public MelGradient vjp(AudioSignal audio, RealSpectrogram cotangent) {
        var saturation = new Saturation();
        float[][] gradient = new float[audio.items()][];
        for (int item = 0; item < gradient.length; item++) {
            float[] upstream = cotangent.values(item);
            double[] c = new double[upstream.length];
            Ranges.inOrder(c.length, (from, to) -> {
                for (int i = from; i < to; i++) {
                    c[i] = upstream[i];
                }
            });
            double[] back = at(audio.samples(item), saturation).pullBack(c);
            float[] ofItem = new float[back.length];
            Ranges.inOrder(back.length, (from, to) -> {
                for (int i = from; i < to; i++) {
                    ofItem[i] = saturation.toFloat(back[i]);
                }
            });
            gradient[item] = ofItem;
        }
        return new MelGradient(new AudioSignal(audio.leading(), gradient, audio.sampleRate()), saturation.count());
    }

    /** The map at an item's samples, with what its adjoint needs. */
    Point at(float[] samples, Saturation saturation) {
        int bins = filters.bins();
        int frames = stft.parameters().frames(samples.length);
        var shape = new SpectrogramShape(Shape.SCALAR, bins, frames);
        var spectrum = new Spectrum(shape, new float[shape.planeSize()], new float[shape.planeSize()]);
        float[] mels = new float[frames(samples.length) * filters.mels()];
        forward(samples, mels, (frame, re, im) -> {
            System.arraycopy(re, 0, spectrum.re(), frame * bins, bins);
            System.arraycopy(im, 0, spectrum.im(), frame * bins, bins);
        });
        saturation.clamp(spectrum.re());
        saturation.clamp(spectrum.im());
        return new Point(spectrum, mels, samples.length, saturation);
    }

    /** An item's spectrum, and its mels before they become values. */
    final class Point {

        private final Spectrum spectrum;
        private final float[] mels;
        private final int length;
        private final Saturation saturation;

        private Point(Spectrum spectrum, float[] mels, int length, Saturation saturation) {
            this.spectrum = spectrum;
            this.mels = mels;
            this.length = length;
            this.saturation = saturation;
        }

        /** The trainer's values, [frame][mel]. */
        float[] values() {
            float[] values = mels.clone();
            apply(values);
            return values;
        }

        /**
         * The gradient with respect to the samples. It takes the spectrum's memory: it can be asked for once.
         *
         * @param c with respect to {@link #values}. Modified.
         */
        double[] pullBack(double[] c) {
            statistics.pullBack(c, filters.mels());
            value.pullBack(mels, c);
            int bins = filters.bins();
            double[] ofBins = new double[bins];
            float[] re = spectrum.re();
            float[] im = spectrum.im();
            Cancellation wanted = Cancellation.current();
            for (int frame = 0; frame < mels.length / filters.mels(); frame++) {
                wanted.check();
                filters.adjoint(c, frame * filters.mels(), ofBins, 0);
                for (int k = 0; k < bins; k++) {
                    int i = frame * bins + k;
                    double square = square(re[i], im[i]);
                    double gain = ofBins[k] * value.slope(square, value.ofBin((float) Math.sqrt(square)));
                    re[i] = saturation.toFloat(gain * re[i]);
                    im[i] = saturation.toFloat(gain * im[i]);
                }
            }
            double[] gradient = spectrum.pullBack(stft, length, saturation);
            Preemphasis.pullBack(gradient, preemphasis);
            return gradient;
        }
    }
}
