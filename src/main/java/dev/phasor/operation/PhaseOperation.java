package dev.phasor.operation;

import dev.phasor.codec.NpyArray;
import dev.phasor.phase.Phase;
import dev.phasor.reconstruction.AcceleratedMap.Angle;
import dev.phasor.signal.ComplexRows;

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
        ComplexRows spectrogram = transform.rowsOf(call, report);
        NpyArray angles = NpyArray.ofZeros(spectrogram.shape(), spectrogram.order());
        report.compute(
                new Angle(phase.kernel(), spectrogram, angles.real()),
                transform.kernels().accelerator(),
                phase.kernel().name());
        report.put("singular_bins", phase.singularBins(spectrogram, PhaseVjpOperation.floor(call.parameters())));
        return Answer.of("phase", angles, report.finish());
    }
}
