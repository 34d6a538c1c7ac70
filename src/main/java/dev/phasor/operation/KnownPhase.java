package dev.phasor.operation;

import dev.phasor.operation.Inputs.Kind;
import dev.phasor.phase.Floor;
import dev.phasor.phase.Phase;
import dev.phasor.reconstruction.Accuracy;
import dev.phasor.reconstruction.IterationKernel;
import dev.phasor.reconstruction.SpectrogramInverse;
import dev.phasor.reconstruction.StreamedInverse;
import dev.phasor.reconstruction.StreamedInverse.Outcome;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexRows;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.PlaneOrder;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.Rows;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Sound with the phase that came in: {@code algorithm=istft} of {@code reconstruct}. Each item is synthesized once, and
 * the figures of the report come from the same pass.
 */
final class KnownPhase {

    /** The name of this way among the algorithms. */
    static final String ISTFT = "istft";

    private final Transform transform;
    private final Phase phase;

    KnownPhase(Transform transform, Phase phase) {
        this.transform = transform;
        this.phase = phase;
    }

    /** Whether audio comes back from its own spectrogram. */
    static boolean isResynthesis(Call call) {
        Parameters parameters = call.parameters();
        Inputs inputs = call.inputs();
        return inputs.main(parameters, Kind.MAGNITUDE) == Kind.AUDIO
                && parameters.get(Parameter.ALGORITHM, ISTFT).equals(ISTFT)
                && !inputs.has(Input.MAGNITUDE)
                && !inputs.has(Input.PHASE)
                && !inputs.has(Input.MASK);
    }

    Answer run(Call call, Report report) {
        if (isResynthesis(call)) {
            return resynthesize(call, report);
        }
        Parameters parameters = call.parameters();
        if (call.inputs().main(parameters, Kind.MAGNITUDE) == Kind.AUDIO) {
            AudioSignal audio = call.inputs().audio(parameters);
            Stft stft = transform.ofAudio(parameters, report);
            int length = parameters.get(Parameter.LENGTH, audio.length());
            return invert(call, report, stft, Transform.rows(stft, audio), length, audio.sampleRate());
        }
        ComplexRows rows = call.inputs().rows(parameters);
        Stft stft = transform.ofSpectrogram(parameters, rows.shape(), report);
        int length = Transform.length(parameters, stft.parameters(), rows.shape());
        return invert(call, report, stft, rows, length, Transform.rate(parameters));
    }

    /** Does not hold the spectrogram, as {@link StreamedReconstruction}, whose bits and report this has. */
    private Answer resynthesize(Call call, Report report) {
        AudioSignal audio = call.inputs().audio(call.parameters());
        Stft stft = transform.ofAudio(call.parameters(), report);
        Floor floor = PhaseVjpOperation.floor(call.parameters());
        IterationKernel kernel = transform.kernels().iteration();
        int length = call.parameters().get(Parameter.LENGTH, audio.length());
        report.fade(stft.checkInvertible(stft.parameters().frames(audio.length()), length));
        float[][] samples = new float[audio.items()][length];
        Outcome[] outcomes = new Outcome[audio.items()];
        Ranges.each(
                audio.items(),
                item -> outcomes[item] =
                        StreamedInverse.of(stft, kernel, floor, audio.peak(), audio.samples(item), samples[item]));
        AudioSignal result = new AudioSignal(audio.leading(), samples, audio.sampleRate());
        Finite.result("the audio", result);
        put(report, List.of(outcomes), audio.leading());
        return Answer.of(result, report);
    }

    private Answer invert(Call call, Report report, Stft stft, ComplexRows z, int length, int sampleRate) {
        SpectrogramShape shape = z.shape();
        PlaneOrder order = z.order();
        report.fade(stft.checkInvertible(shape.frames(), length));
        MagnitudeSpectrogram magnitude = call.inputs().has(Input.MAGNITUDE) ? magnitude(call, shape, order) : null;
        ComplexRows y = magnitude == null ? z : ComplexRows.ofElements(phase.project(z.elements(), magnitude), order);
        float[][] samples = new float[y.items()][length];
        Accuracy[] accuracies = new Accuracy[y.items()];
        Ranges.each(
                y.items(),
                item -> accuracies[item] = SpectrogramInverse.of(
                        stft,
                        transform.kernels().iteration(),
                        y.re(item),
                        y.im(item),
                        magnitude == null ? null : new Rows(magnitude.values(item), 0, shape, order),
                        samples[item]));
        AudioSignal audio = new AudioSignal(shape.leading(), samples, sampleRate);
        Finite.result("the audio", audio);
        if (magnitude != null) {
            report.computedBy(phase.kernel());
        }
        long singularBins = phase.singularBins(z, PhaseVjpOperation.floor(call.parameters()));
        put(report, List.of(accuracies), singularBins, audio.leading());
        if (magnitude == null) {
            Plausibility.inconsistency(
                    Stream.of(accuracies).map(Accuracy::inconsistencyDb).toList(), report);
        }
        return Answer.of(audio, report);
    }

    private static MagnitudeSpectrogram magnitude(Call call, SpectrogramShape expected, PlaneOrder order) {
        MagnitudeSpectrogram magnitude = call.inputs().magnitudeElements(call.parameters(), order);
        Transform.checkShape("magnitude", order.planes(magnitude.shape()), expected);
        return magnitude;
    }

    /** Reports what is true of audio that came back from its own spectrogram. */
    static void put(Report report, List<Outcome> outcomes, Shape leading) {
        put(
                report,
                outcomes.stream().map(Outcome::accuracy).toList(),
                outcomes.stream().mapToLong(Outcome::singularBins).sum(),
                leading);
    }

    private static void put(Report report, List<Accuracy> accuracies, long singularBins, Shape leading) {
        report.put("algorithm", ISTFT)
                .put("iterations", 0)
                .put("converged", true)
                .put("seed", 0)
                .put("spectral_convergence_db", perItem(accuracies, Accuracy::spectralConvergenceDb, leading))
                .put("inconsistency_db", perItem(accuracies, Accuracy::inconsistencyDb, leading))
                .put("singular_bins", singularBins);
    }

    private static Object perItem(List<Accuracy> accuracies, ToDoubleFunction<Accuracy> figure, Shape leading) {
        return perItem(accuracies.stream().mapToDouble(figure).boxed().toList(), leading);
    }

    /** A number for a value without leading axes, else a list with one number per item. */
    static Object perItem(List<Double> figures, Shape leading) {
        return leading.rank() == 0 ? figures.get(0) : figures;
    }
}
