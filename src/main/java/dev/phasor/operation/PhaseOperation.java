package dev.phasor.operation;

import dev.phasor.codec.NpyArray;
import dev.phasor.phase.Phase;
import dev.phasor.reconstruction.AcceleratedMap.Angle;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.PlaneOrder;
import dev.phasor.signal.RealSpectrogram;

/** Audio or a complex spectrogram to its phase, by the safe atan2. */
final class PhaseOperation implements Operation {

    private final Transform transform;
    private final Phase phase;

    PhaseOperation(Transform transform, Phase phase) {
        this.transform = transform;
        this.phase = phase;
    }

    @Override
    public Answer run(Call call) {
        Report report = new Report();
        PlaneOrder order = call.inputs().order(call.parameters());
        ComplexSpectrogram elements = transform.elementsOf(call, report);
        float[][] angle = elements.shape().newPlanes();
        report.compute(
                new Angle(phase.kernel(), elements, angle),
                transform.kernels().accelerator(),
                phase.kernel().name());
        report.put("singular_bins", phase.singularBins(elements, PhaseVjpOperation.floor(call.parameters())));
        RealSpectrogram answer = new RealSpectrogram(elements.shape(), angle);
        return Answer.of("phase", NpyArray.ofElements(answer, order), report.finish());
    }
}
