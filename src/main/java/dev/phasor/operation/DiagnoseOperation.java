package dev.phasor.operation;

import dev.phasor.phase.Hazard;
import dev.phasor.phase.HazardousBin;
import dev.phasor.phase.Phase;
import dev.phasor.phase.PhaseDiagnosis;
import dev.phasor.phase.RecipeOutcome;
import dev.phasor.signal.ComplexSpectrogram;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/** Says which bins are hazardous to a phase's gradient, and what each recipe makes of them. */
final class DiagnoseOperation implements Operation {

    private final Transform transform;
    private final Phase phase;

    DiagnoseOperation(Transform transform, Phase phase) {
        this.transform = transform;
        this.phase = phase;
    }

    @Override
    public Answer run(Call call) {
        Parameters parameters = call.parameters();
        Report report = new Report();
        ComplexSpectrogram spectrogram = transform.spectrogramOf(call, report);
        OptionalDouble eps =
                parameters.find(Parameter.EPS).map(OptionalDouble::of).orElse(OptionalDouble.empty());
        PhaseDiagnosis diagnosis =
                phase.diagnose(spectrogram, PhaseVjpOperation.floor(parameters), eps, parameters.get(Parameter.LIMIT));
        if (parameters.get(Parameter.FAIL_ON_ANOMALY)) {
            diagnosis.requireFiniteNaiveGradient();
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("bins", diagnosis.bins());
        answer.put("hazards", hazards(diagnosis.hazards()));
        answer.put(
                "first", diagnosis.first().stream().map(DiagnoseOperation::bin).toList());
        answer.put(
                "recipes",
                diagnosis.recipes().stream().map(DiagnoseOperation::recipe).toList());
        answer.putAll(report.finish());
        return new Answer(Map.of(), null, answer);
    }

    private static Map<String, Long> hazards(Map<Hazard, Long> counts) {
        Map<String, Long> named = new LinkedHashMap<>();
        new EnumMap<>(counts).forEach((hazard, count) -> named.put(Parameters.wire(hazard), count));
        return named;
    }

    private static Map<String, Object> bin(HazardousBin bin) {
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("hazard", Parameters.wire(bin.hazard()));
        named.put("index", bin.index());
        named.put("re", bin.re());
        named.put("im", bin.im());
        return named;
    }

    private static Map<String, Object> recipe(RecipeOutcome outcome) {
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("name", Parameters.wire(outcome.recipe()));
        named.put("non_finite_gradients", outcome.nonFiniteGradients());
        named.put("largest_gradient", outcome.largestGradient());
        named.put("largest_phase_error", outcome.largestPhaseError());
        named.put("mean_phase_error", outcome.meanPhaseError());
        named.put("flipped", outcome.flipped());
        return named;
    }
}
