package dev.phasor.operation;

import dev.phasor.reconstruction.AcceleratedMap.Inverse;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.SpectrogramInverse.Inconsistency;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexRows;
import dev.phasor.signal.Shape;
import dev.phasor.stft.Stft;
import java.util.List;

/** A complex spectrogram to audio, by the least-squares inverse. */
final class IstftOperation implements Operation {

    private final Transform transform;

    IstftOperation(Transform transform) {
        this.transform = transform;
    }

    @Override
    public Answer run(Call call) {
        Report report = new Report();
        Parameters parameters = call.parameters();
        ComplexRows spectrogram = call.inputs().rows(parameters);
        Stft stft = transform.ofSpectrogram(parameters, spectrogram.shape(), report);
        int length = Transform.length(parameters, stft.parameters(), spectrogram.shape());
        report.fade(stft.checkInvertible(spectrogram.shape().frames(), length));
        float[][] samples = new float[spectrogram.items()][length];
        Inconsistency[] found = new Inconsistency[spectrogram.items()];
        Kernels kernels = transform.kernels();
        report.compute(
                new Inverse(stft, kernels.iteration(), spectrogram, samples, found), kernels.accelerator(), stft);
        AudioSignal audio = new AudioSignal(spectrogram.shape().leading(), samples, Transform.rate(parameters));
        Finite.result("the audio", audio);
        put(report, List.of(found), spectrogram.shape().leading());
        return Answer.of(audio, report);
    }

    /** Reports what is true of audio that came from these spectrograms. */
    static void put(Report report, List<Inconsistency> found, Shape leading) {
        report.put(
                "inconsistency_db",
                KnownPhase.perItem(found.stream().map(Inconsistency::decibels).toList(), leading));
        Plausibility.inconsistency(
                found.stream().map(Inconsistency::insideDecibels).toList(), report);
    }
}
