package dev.phasor.gradient;

import dev.phasor.mel.MelFilters;
import dev.phasor.mel.MelGuard;
import dev.phasor.mel.MelLog;
import dev.phasor.mel.MelNorm;
import dev.phasor.mel.MelScale;
import dev.phasor.mel.MelStatistics;
import dev.phasor.mel.MelValue;
import dev.phasor.signal.Ranges;
import dev.phasor.stft.FftKernel;
import dev.phasor.stft.PadMode;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.Window;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The sum, over seven scales, of the mean |log10 max(B |X|, 1e-5) - log10 max(B |Y|, 1e-5)|: R. Kumar et al.,
 * "High-Fidelity Audio Compression with Improved RVQGAN" (DAC), NeurIPS 2023, section 3.4, with the settings of its
 * public code, which BigVGAN-v2 trains with as {@code MultiScaleMelSpectrogramLoss}. Each scale has a periodic Hann
 * window, a hop of a quarter of it, reflected ends, and librosa's filters (Slaney's scale and norm) from 0 to half the
 * sample rate. Filters that are empty at a small window stay at the clamp and count in the mean, as there.
 */
final class MultiScaleMelLoss implements ItemLoss {

    static final List<Integer> WINDOWS = List.of(32, 64, 128, 256, 512, 1024, 2048);
    private static final List<Integer> MELS = List.of(5, 10, 20, 40, 80, 160, 320);
    private static final double CLAMP = 1e-5;
    private static final double NONE = Double.POSITIVE_INFINITY;
    private static final MelValue VALUE = new MelValue(1, 0, 0, MelLog.LOG10, MelGuard.CLAMP, CLAMP, NONE, 1, 0, NONE);

    private final List<MelLoss> scales;

    MultiScaleMelLoss(FftKernel kernel, int sampleRate) {
        scales = IntStream.range(0, WINDOWS.size())
                .mapToObj(i -> scale(kernel, sampleRate, WINDOWS.get(i), MELS.get(i)))
                .toList();
    }

    private static MelLoss scale(FftKernel kernel, int sampleRate, int window, int mels) {
        MelFilters filters =
                MelFilters.triangles(sampleRate, window, mels, 0, sampleRate / 2.0, MelScale.SLANEY, MelNorm.SLANEY);
        return new MelLoss(new MelTransform(
                new Stft(transform(window), kernel), filters, VALUE, new MelStatistics(null, null), 0, false));
    }

    static StftParameters transform(int window) {
        return new StftParameters(window, window / 4, window, Window.HANN, true, PadMode.REFLECT);
    }

    static int mels(int window) {
        return MELS.get(WINDOWS.indexOf(window));
    }

    @Override
    public Evaluation evaluate(float[] estimate, float[] target, Saturation saturation) {
        double value = 0;
        double[] gradient = new double[estimate.length];
        for (MelLoss scale : scales) {
            Evaluation part = scale.evaluate(estimate, target, saturation);
            value += part.value();
            Ranges.forEach(gradient.length, gradient.length, 1, (from, to) -> {
                for (int i = from; i < to; i++) {
                    gradient[i] += part.gradient()[i];
                }
            });
        }
        return new Evaluation(value, gradient);
    }
}
