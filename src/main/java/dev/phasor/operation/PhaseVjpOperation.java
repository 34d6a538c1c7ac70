package dev.phasor.operation;

import dev.phasor.codec.NpyArray;
import dev.phasor.codec.SpectrogramLayout;
import dev.phasor.phase.Floor;
import dev.phasor.phase.GradientPolicy;
import dev.phasor.phase.Phase;
import dev.phasor.phase.PhaseBounds;
import dev.phasor.reconstruction.AcceleratedMap.AngleVjp;
import dev.phasor.reconstruction.Accelerator;
import dev.phasor.signal.ComplexRows;
import dev.phasor.signal.PlaneOrder;
import dev.phasor.signal.RealSpectrogram;

/** The pullback of a cotangent on the phase to the spectrogram. */
final class PhaseVjpOperation implements Operation {

    private final Phase phase;
    private final Accelerator accelerator;

    PhaseVjpOperation(Phase phase, Accelerator accelerator) {
        this.phase = phase;
        this.accelerator = accelerator;
    }

    @Override
    public Answer run(Call call) {
        Report report = new Report();
        Parameters parameters = call.parameters();
        ComplexRows spectrogram = call.inputs().rows(parameters);
        PlaneOrder order = spectrogram.order();
        RealSpectrogram cotangent = call.inputs().elements(Input.COTANGENT, order);
        Transform.checkShape("cotangent", order.planes(cotangent.shape()), spectrogram.shape());
        GradientPolicy policy = parameters.get(Parameter.GRADIENT_POLICY);
        Floor floor = floor(parameters);
        SpectrogramLayout layout = Inputs.layout(parameters);
        NpyArray gradient = NpyArray.ofZeros(spectrogram.shape(), order, layout);
        PhaseBounds bounds = phase.angleVjp(
                spectrogram,
                cotangent,
                policy,
                floor,
                gradient.toComplexRows(layout),
                pullback -> report.compute(
                        new AngleVjp(pullback), accelerator, phase.kernel().name()));
        report.put("gradient_policy", Parameters.wire(policy))
                .put("floor", floor.value())
                .put("floor_mode", Parameters.wire(floor.mode()))
                .put("singular_bins", bounds.singularBins())
                .put("saturated", bounds.saturated())
                .layout(layout);
        return Answer.of("gradient", gradient, report.finish());
    }

    static Floor floor(Parameters parameters) {
        return new Floor(parameters.get(Parameter.FLOOR), parameters.get(Parameter.FLOOR_MODE));
    }
}
