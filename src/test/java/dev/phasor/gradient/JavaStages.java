package dev.phasor.gradient;

import dev.phasor.phase.Floor;
import dev.phasor.phase.GradientPolicy;
import dev.phasor.phase.Phase;
import dev.phasor.phase.PhaseKernels;
import dev.phasor.stft.Stft;

/** What a training step consists of, in plain Java. */
final class JavaStages {

    static final Floor FLOOR = Floor.relative(1e-6);

    private static final Phase PHASE = new Phase(PhaseKernels.java());

    private JavaStages() {}

    static OutputStage output(Stft stft, GradientPolicy policy, Floor floor) {
        return new OutputStage(stft, PHASE, policy, floor);
    }

    static WaveformLoss loss(Loss loss, Stft stft, GradientPolicy policy) {
        return WaveformLoss.of(loss, stft, PHASE, policy, FLOOR);
    }

    static WaveformLoss loss(Loss loss, Stft stft) {
        return loss(loss, stft, GradientPolicy.CLAMPED);
    }

    static TrainingStep step(Stft stft, GradientPolicy policy, Floor floor) {
        return new TrainingStep(output(stft, policy, floor));
    }

    static TrainingStep step(Stft stft) {
        return step(stft, GradientPolicy.CLAMPED, FLOOR);
    }
}
