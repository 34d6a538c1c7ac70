package dev.phasor.gradient;

/** A loss on one item (channel). Implementations are immutable and thread-safe. */
interface ItemLoss {

    /**
     * The loss at {@code estimate} and its gradient there.
     *
     * @param estimate samples. Not modified.
     * @param target as many samples. Not modified.
     * @param saturation counts the values beyond the range of float
     */
    Evaluation evaluate(float[] estimate, float[] target, Saturation saturation);

    /**
     * A loss and its gradient. The caller owns the array and may modify it.
     *
     * @param gradient dL/destimate, one value per sample
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never kept
    record Evaluation(double value, double[] gradient) {}
}
