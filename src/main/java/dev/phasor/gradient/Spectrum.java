package dev.phasor.gradient;

import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;

/** One item's spectrogram inside a loss, as planes [frame][bin] that the loss overwrites with its cotangent. */
@SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the loss
record Spectrum(SpectrogramShape shape, float[] re, float[] im) {

    static Spectrum of(Stft stft, float[] samples, Saturation saturation) {
        int frames = stft.parameters().frames(samples.length);
        var shape = new SpectrogramShape(Shape.SCALAR, stft.parameters().bins(), frames);
        var spectrum = new Spectrum(shape, new float[shape.planeSize()], new float[shape.planeSize()]);
        stft.forward(samples, spectrum.re, spectrum.im);
        saturation.clamp(spectrum.re);
        saturation.clamp(spectrum.im);
        return spectrum;
    }

    ComplexSpectrogram asSpectrogram() {
        return new ComplexSpectrogram(shape, new float[][] {re}, new float[][] {im});
    }

    /** The adjoint STFT of these planes, as a cotangent, to {@code length} samples. */
    double[] pullBack(Stft stft, int length, Saturation saturation) {
        float[] samples = new float[length];
        stft.forwardVjp(re, im, samples);
        saturation.clamp(samples);
        double[] gradient = new double[length];
        Ranges.forEach(length, length, 1, (from, to) -> {
            for (int i = from; i < to; i++) {
                gradient[i] = samples[i];
            }
        });
        return gradient;
    }
}
