package dev.phasor.gradient;

/** A loss on one item (channel). Implementations are immutable and safe for use by several threads. */
interface ItemLoss {

    /**
     * The loss at {@code estimate} and its gradient there.
     *
     * @param estimate samples, not modified
     * @param target as many samples, not modified
     * @param saturation counts what a transform on the way could not hold
     */
    Evaluation evaluate(float[] estimate, float[] target, Saturation saturation);

    /**
     * A loss and its gradient; the pair lives only between a loss and its caller, who may change the array.
     *
     * @param gradient dL/destimate, one per sample
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never kept
    record Evaluation(double value, double[] gradient) {}
}
