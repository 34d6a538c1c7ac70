package dev.phasor.gradient;

import dev.phasor.phase.Floor;
import dev.phasor.phase.GradientPolicy;
import dev.phasor.phase.Phase;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Ranges;
import dev.phasor.stft.FftKernel;
import dev.phasor.stft.Stft;

/**
 * A {@link Loss} with its parameters, ready for training a model that emits audio. Value and gradient are finite for
 * every finite waveform and target.
 */
public final class WaveformLoss {

    private final ItemLoss loss;

    private WaveformLoss(ItemLoss loss) {
        this.loss = loss;
    }

    /** {@link Loss#MEL}. */
    public static WaveformLoss mel(MelTransform mel) {
        return new WaveformLoss(new MelLoss(mel));
    }

    /**
     * {@link Loss#MULTI_SCALE_MEL}.
     *
     * @param sampleRate of estimate and target, Hz
     */
    public static WaveformLoss multiScaleMel(FftKernel kernel, int sampleRate) {
        return new WaveformLoss(new MultiScaleMelLoss(kernel, sampleRate));
    }

    /**
     * A loss ready to evaluate. Those of mels have their own methods.
     *
     * @param stft of the losses with one resolution; {@link Loss#MULTI_RESOLUTION_STFT} uses only its kernel
     * @param phase used by {@link Loss#PHASE} only, as are {@code policy} and {@code floor}
     */
    public static WaveformLoss of(Loss loss, Stft stft, Phase phase, GradientPolicy policy, Floor floor) {
        return new WaveformLoss(
                switch (loss) {
                    case MSE -> SampleLoss.SQUARED;
                    case L1 -> SampleLoss.ABSOLUTE;
                    case SPECTRAL_CONVERGENCE -> StftMagnitudeLoss.spectralConvergence(stft);
                    case LOG_STFT -> StftMagnitudeLoss.logMagnitude(stft);
                    case MULTI_RESOLUTION_STFT -> new MultiResolutionStftLoss(stft.kernel());
                    case PHASE -> new AntiWrappingPhaseLoss(stft, phase, policy, floor);
                    case MEL, MULTI_SCALE_MEL -> throw new IllegalArgumentException(loss + " needs filters");
                });
    }

    /**
     * The loss at {@code estimate} and its gradient with respect to it.
     *
     * @throws InvalidInputException {@code SHAPE_MISMATCH} unless {@code target} has the shape of {@code estimate}
     */
    public LossGradient evaluate(AudioSignal estimate, AudioSignal target) {
        if (!estimate.shape().equals(target.shape())) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "target must have the waveform's shape " + estimate.shape() + ", got " + target.shape());
        }
        var saturation = new Saturation();
        int items = estimate.items();
        double value = 0;
        float[][] gradient = new float[items][estimate.length()];
        for (int item = 0; item < items; item++) {
            var evaluation = loss.evaluate(estimate.samples(item), target.samples(item), saturation);
            value += evaluation.value() / items;
            float[] ofItem = gradient[item];
            Ranges.inOrder(ofItem.length, (from, to) -> {
                for (int i = from; i < to; i++) {
                    ofItem[i] = saturation.toFloat(evaluation.gradient()[i] / items);
                }
            });
        }
        return new LossGradient(
                value, new AudioSignal(estimate.leading(), gradient, estimate.sampleRate()), saturation.count());
    }
}
