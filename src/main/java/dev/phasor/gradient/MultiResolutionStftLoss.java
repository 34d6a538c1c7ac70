package dev.phasor.gradient;

import dev.phasor.signal.Ranges;
import dev.phasor.stft.FftKernel;
import dev.phasor.stft.PadMode;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.Window;
import java.util.List;

/**
 * Spectral convergence plus log magnitude distance, averaged over three resolutions: R. Yamamoto, E. Song, J.-M. Kim,
 * "Parallel WaveGAN", ICASSP 2020, table 1, with the padding (reflected) of its reference implementation.
 */
final class MultiResolutionStftLoss implements ItemLoss {

    static final List<StftParameters> RESOLUTIONS =
            List.of(resolution(1024, 120, 600), resolution(2048, 240, 1200), resolution(512, 50, 240));

    private final List<StftMagnitudeLoss> losses;

    MultiResolutionStftLoss(FftKernel kernel) {
        losses = RESOLUTIONS.stream()
                .map(resolution -> StftMagnitudeLoss.sum(new Stft(resolution, kernel)))
                .toList();
    }

    private static StftParameters resolution(int fftSize, int hopLength, int windowLength) {
        return new StftParameters(fftSize, hopLength, windowLength, Window.HANN, true, PadMode.REFLECT);
    }

    @Override
    public Evaluation evaluate(float[] estimate, float[] target, Saturation saturation) {
        double value = 0;
        double[] gradient = new double[estimate.length];
        for (StftMagnitudeLoss resolution : losses) {
            Evaluation part = resolution.evaluate(estimate, target, saturation);
            value += part.value() / losses.size();
            Ranges.forEach(gradient.length, gradient.length, 1, (from, to) -> {
                for (int i = from; i < to; i++) {
                    gradient[i] += part.gradient()[i] / losses.size();
                }
            });
        }
        return new Evaluation(value, gradient);
    }
}
