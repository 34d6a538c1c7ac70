package dev.phasor.gradient;

import dev.phasor.mel.MelFilters;
import dev.phasor.mel.MelGuard;
import dev.phasor.mel.MelLog;
import dev.phasor.mel.MelNorm;
import dev.phasor.mel.MelScale;
import dev.phasor.mel.MelStatistics;
import dev.phasor.mel.MelValue;
import dev.phasor.phase.Floor;
import dev.phasor.phase.GradientPolicy;
import dev.phasor.phase.Phase;
import dev.phasor.phase.PhaseKernels;
import dev.phasor.stft.Stft;

/** What a training step consists of, in plain Java. */
final class JavaStages {

    static final Floor FLOOR = Floor.relative(1e-6);

    static final double INF = Double.POSITIVE_INFINITY;

    private static final int RATE = 16_000;
    private static final Phase PHASE = new Phase(PhaseKernels.java());

    private JavaStages() {}

    static OutputStage output(Stft stft, GradientPolicy policy, Floor floor) {
        return new OutputStage(stft, PHASE, policy, floor);
    }

    /** Mels as {@code mel_gradient.py} has them. */
    static WaveformLoss loss(Loss loss, Stft stft, GradientPolicy policy) {
        return switch (loss) {
            case MEL ->
                WaveformLoss.mel(mel(stft, new MelValue(1, 0, 0, MelLog.LN, MelGuard.CLAMP, 0.5, INF, 1, 0, INF)));
            case MULTI_SCALE_MEL -> WaveformLoss.multiScaleMel(stft.kernel(), RATE);
            default -> WaveformLoss.of(loss, stft, PHASE, policy, FLOOR);
        };
    }

    /** Of four mels at 16 kHz. */
    static MelTransform mel(Stft stft, MelValue value) {
        MelFilters filters =
                MelFilters.triangles(RATE, stft.parameters().fftSize(), 4, 0, RATE / 2.0, MelScale.HTK, MelNorm.NONE);
        return new MelTransform(stft, filters, value, new MelStatistics(null, null), 0, false);
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
