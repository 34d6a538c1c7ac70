package dev.phasor.reconstruction;

import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Ranges;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gives an algorithm's iterations to an {@link Accelerator}, and to the host what it does not take or fails at. */
final class AcceleratedReconstructor implements PhaseReconstructor {

    private final Accelerator accelerator;
    private final ItemwiseReconstructor host;

    AcceleratedReconstructor(Accelerator accelerator, ItemwiseReconstructor host) {
        this.accelerator = accelerator;
        this.host = host;
    }

    @Override
    public Reconstruction reconstruct(
            MagnitudeSpectrogram magnitude, ReconstructionParameters parameters, Progress progress) {
        Plan plan = Plan.of(host.algorithm(), parameters).withoutRepair();
        String hostOnly = AcceleratedProblem.onHostOnly(plan.algorithm());
        if (hostOnly != null) {
            return onHost(magnitude, parameters, progress, hostOnly, null);
        }
        List<Problem> problems = host.problems(magnitude, parameters);
        List<Problem> sounding =
                problems.stream().filter(problem -> problem.largest() > 0).toList();
        if (sounding.isEmpty()) {
            return onHost(magnitude, parameters, progress, "every item is silent", null);
        }
        AcceleratedProblem problem = new AcceleratedProblem(plan, sounding, progress);
        Optional<String> refusal = accelerator.refusal(problem);
        if (refusal.isPresent()) {
            return onHost(magnitude, parameters, progress, refusal.get(), null);
        }
        host.begin(plan, problems, progress);
        List<ItemOutcome> found;
        try {
            found = accelerator.solve(problem);
        } catch (AcceleratorFailure e) {
            return onHost(magnitude, parameters, progress, "the device failed", e.warning(accelerator.name()));
        }
        ItemOutcome[] all = new ItemOutcome[problems.size()];
        for (int i = 0; i < found.size(); i++) {
            all[problem.number(i)] = found.get(i);
        }
        Ranges.each(all.length, item -> {
            if (all[item] == null) {
                all[item] = plan.run(problems.get(item), progress);
            }
        });
        List<ItemOutcome> outcomes = new ArrayList<>(Arrays.asList(all));
        return host.delivered(plan, outcomes, magnitude, parameters, accelerator.name(), null);
    }

    private Reconstruction onHost(
            MagnitudeSpectrogram magnitude,
            ReconstructionParameters parameters,
            Progress progress,
            String reason,
            @Nullable String failure) {
        Reconstruction result = host.reconstruct(magnitude, parameters, progress);
        return new Reconstruction(result.audio(), result.report().onHost(reason, failure));
    }
}
