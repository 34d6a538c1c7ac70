package dev.phasor.mel;

import dev.phasor.signal.Ranges;
import org.jspecify.annotations.Nullable;

/** A trainer's normalization of each mel by its own data: (value - mean) / std. */
public final class MelStatistics {

    private final float @Nullable [] mean;
    private final float @Nullable [] std;

    /**
     * @param mean of each mel; null for 0
     * @param std of each mel, above 0; null for 1
     */
    public MelStatistics(float @Nullable [] mean, float @Nullable [] std) {
        this.mean = mean;
        this.std = std;
    }

    /**
     * (value - mean) / std.
     *
     * @param values Modified: [frame][mel], {@code mels} side by side.
     */
    public void apply(float[] values, int mels) {
        if (mean == null && std == null) {
            return;
        }
        Ranges.inOrder(values.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double centered = mean == null ? values[i] : (double) values[i] - mean[i % mels];
                values[i] = (float) (std == null ? centered : centered / std[i % mels]);
            }
        });
    }

    /** The inverse of {@link #apply}: value std + mean. */
    public void undo(float[] values, int mels) {
        if (mean == null && std == null) {
            return;
        }
        Ranges.inOrder(values.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                double scaled = std == null ? values[i] : (double) values[i] * std[i % mels];
                values[i] = (float) (mean == null ? scaled : scaled + mean[i % mels]);
            }
        });
    }

    /** The adjoint of {@link #undo}'s derivative: cotangent std. */
    public void pullBackUndone(double[] cotangent, int mels) {
        if (std != null) {
            Ranges.inOrder(cotangent.length, (from, to) -> {
                for (int i = from; i < to; i++) {
                    cotangent[i] *= std[i % mels];
                }
            });
        }
    }

    /** The adjoint of {@link #apply}'s derivative: cotangent / std. */
    public void pullBack(double[] cotangent, int mels) {
        if (std != null) {
            Ranges.inOrder(cotangent.length, (from, to) -> {
                for (int i = from; i < to; i++) {
                    cotangent[i] /= std[i % mels];
                }
            });
        }
    }
}
