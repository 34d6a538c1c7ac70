package dev.phasor.operation;

import dev.phasor.codec.NpyArray;
import dev.phasor.operation.Inputs.Kind;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexRows;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.PlaneOrder;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.Rows;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;

/** The steps that operations share: the transform with its memory reserved and its result checked. */
final class Transform {

    private final TransformSettings settings;
    private final Kernels kernels;

    Transform(TransformSettings settings, Kernels kernels) {
        this.settings = settings;
        this.kernels = kernels;
    }

    Kernels kernels() {
        return kernels;
    }

    /** That of audio or of a mel, which the report tells. */
    Stft ofAudio(Parameters parameters, Report report) {
        Stft stft = stft(settings.forAudio(parameters), fftSizeFrom(parameters, "default"), report);
        Plausibility.gaps(stft.parameters(), report);
        return stft;
    }

    /** That of a spectrogram, which the report tells. */
    Stft ofSpectrogram(Parameters parameters, SpectrogramShape shape, Report report) {
        Stft stft = stft(settings.forSpectrogram(parameters, shape), fftSizeFrom(parameters, "bins"), report);
        if (!parameters.has(Parameter.N_FFT)) {
            Plausibility.fftSize(shape, report);
        }
        return stft;
    }

    private static String fftSizeFrom(Parameters parameters, String otherwise) {
        if (parameters.isSent(Parameter.N_FFT)) {
            return "n_fft";
        }
        return parameters.isDescribed(Parameter.N_FFT) ? "npz" : parameters.has(Parameter.N_FFT) ? "mel" : otherwise;
    }

    private Stft stft(StftParameters parameters, String from, Report report) {
        Stft stft = kernels.stft(parameters);
        report.transform(stft, from);
        return stft;
    }

    TransformSettings settings() {
        return settings;
    }

    /** The spectrogram that was sent, or that of the audio that was sent. */
    ComplexSpectrogram spectrogramOf(Call call, Report report) {
        Parameters parameters = call.parameters();
        if (call.inputs().main(parameters, Kind.AUDIO) == Kind.SPECTROGRAM) {
            ComplexSpectrogram z = call.inputs().spectrogram(parameters);
            checkBins(parameters, z.shape());
            return z;
        }
        AudioSignal audio = audio(call, report);
        return forward(ofAudio(parameters, report), audio);
    }

    /** {@link #spectrogramOf} in the order of the request's arrays; bins first of audio. */
    ComplexRows rowsOf(Call call, Report report) {
        Parameters parameters = call.parameters();
        if (call.inputs().main(parameters, Kind.AUDIO) == Kind.SPECTROGRAM) {
            ComplexRows z = call.inputs().rows(parameters);
            checkBins(parameters, z.shape());
            return z;
        }
        AudioSignal audio = audio(call, report);
        return rows(ofAudio(parameters, report), audio);
    }

    /** What is computed needs no n_fft; who says one may have sent the axes in another order. */
    private void checkBins(Parameters parameters, SpectrogramShape shape) {
        if (parameters.has(Parameter.N_FFT)) {
            settings.forSpectrogram(parameters, shape);
        }
    }

    /** The audio that was sent, which the report tells. */
    private static AudioSignal audio(Call call, Report report) {
        AudioSignal audio = call.inputs().audio(call.parameters());
        report.audio(audio.sampleRate(), audio.length());
        return audio;
    }

    /** The spectrogram of audio, bins first. */
    static ComplexRows rows(Stft stft, AudioSignal audio) {
        SpectrogramShape shape = stft.shape(audio);
        float[][] re = shape.newPlanes();
        float[][] im = shape.newPlanes();
        Ranges.each(
                shape.items(),
                item -> stft.forward(
                        audio.samples(item),
                        new Rows(re[item], 0, shape, PlaneOrder.BINS_FIRST),
                        new Rows(im[item], 0, shape, PlaneOrder.BINS_FIRST)));
        ComplexSpectrogram elements = new ComplexSpectrogram(PlaneOrder.BINS_FIRST.planes(shape), re, im);
        if (!Finite.isSafe(audio, stft.parameters())) {
            Finite.result("the spectrogram", elements);
        }
        return ComplexRows.ofElements(elements, PlaneOrder.BINS_FIRST);
    }

    /** @throws InvalidInputException {@code SHAPE_MISMATCH} */
    static void checkShape(String name, SpectrogramShape shape, SpectrogramShape spectrogram) {
        checkShape(name, shape, spectrogram, "spectrogram");
    }

    /** @param what has the shape that is asked for */
    static void checkShape(String name, SpectrogramShape shape, SpectrogramShape wanted, String what) {
        if (!shape.equals(wanted)) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    name + " must have the shape " + wanted + " of the " + what + ", got " + shape);
        }
    }

    static ComplexSpectrogram forward(Stft stft, AudioSignal audio) {
        ComplexSpectrogram spectrogram = stft.forward(audio);
        if (!Finite.isSafe(audio, stft.parameters())) {
            Finite.result("the spectrogram", spectrogram);
        }
        return spectrogram;
    }

    static int length(Parameters parameters, StftParameters transform, SpectrogramShape shape) {
        return parameters.find(Parameter.LENGTH).orElseGet(() -> transform.defaultLength(shape.frames()));
    }

    static int rate(Parameters parameters) {
        return parameters.get(Parameter.SAMPLE_RATE, AudioSignal.UNKNOWN_RATE);
    }

    /** A complex value in the layout that the request speaks. */
    static NpyArray array(Call call, ComplexSpectrogram value) {
        return NpyArray.of(value, Inputs.layout(call.parameters()));
    }
}
