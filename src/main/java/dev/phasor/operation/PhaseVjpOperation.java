package dev.phasor.operation;

import dev.phasor.phase.Floor;
import dev.phasor.phase.GradientPolicy;
import dev.phasor.phase.Phase;
import dev.phasor.phase.PhaseGradient;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.RealSpectrogram;

/** The pullback of a cotangent on the phase to the spectrogram. */
final class PhaseVjpOperation implements Operation {

    private final Phase phase;

    PhaseVjpOperation(Phase phase) {
        this.phase = phase;
    }

    @Override
    public Answer run(Call call) {
        Report report = new Report();
        Parameters parameters = call.parameters();
        ComplexSpectrogram spectrogram = call.inputs().spectrogram(parameters);
        RealSpectrogram cotangent = call.inputs().real(Input.COTANGENT);
        GradientPolicy policy = parameters.get(Parameter.GRADIENT_POLICY);
        Floor floor = floor(parameters);
        PhaseGradient gradient = phase.angleVjp(spectrogram, cotangent, policy, floor);
        report.put("gradient_policy", Parameters.wire(policy))
                .put("floor", floor.value())
                .put("floor_mode", Parameters.wire(floor.mode()))
                .put("singular_bins", gradient.singularBins())
                .put("saturated", gradient.saturated())
                .computedBy(phase.kernel());
        return Answer.of("gradient", Transform.array(call, gradient.gradient()), report.finish());
    }

    static Floor floor(Parameters parameters) {
        return new Floor(parameters.get(Parameter.FLOOR), parameters.get(Parameter.FLOOR_MODE));
    }
}
