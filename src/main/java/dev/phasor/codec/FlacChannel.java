package dev.phasor.codec;

/**
 * One channel of a block, in the encoding with the fewest bits: constant, verbatim, or a fixed or fitted predictor with
 * a Rice-coded residual.
 */
final class FlacChannel {

    /** RFC 9639, 9.2.1. */
    private static final int HEADER_BITS = 8;
    /** 4 + 5 bits (RFC 9639, 9.2.6). */
    private static final int PRECISION_AND_SHIFT_BITS = 9;

    private static final int ORDER = 8;

    private final int[] samples;
    private final int size;
    private final int wasted;

    /** Bits of a sample, without the wasted bits. */
    private final int bits;

    private int type = FlacSubframe.VERBATIM;
    private LinearPrediction prediction = LinearPrediction.NONE;
    private FlacPartitions partitions = new FlacPartitions(0, new int[1], 0);
    private int[] residual = new int[0];
    private long total;

    /**
     * @param samples the first {@code size} are used; they are copied if they have wasted bits
     * @param bits of a sample, at most 25
     */
    FlacChannel(int[] samples, int size, int bits) {
        int or = 0;
        boolean constant = true;
        for (int i = 0; i < size; i++) {
            or |= samples[i];
            constant &= samples[i] == samples[0];
        }
        this.wasted = or == 0 || constant ? 0 : Integer.numberOfTrailingZeros(or);
        this.samples = wasted == 0 ? samples : shifted(samples, size, wasted);
        this.size = size;
        this.bits = bits - wasted;
        this.total = (long) size * this.bits;
        if (constant) {
            type = FlacSubframe.CONSTANT;
            total = bits;
        } else {
            int order = fixedOrder();
            consider(FlacSubframe.FIXED + order, new LinearPrediction(FlacSubframe.FIXED_COEFFICIENTS[order], 0), 0);
            LinearPrediction fitted =
                    size > 2 * ORDER ? LinearPrediction.of(this.samples, size, ORDER) : LinearPrediction.NONE;
            if (fitted != LinearPrediction.NONE) {
                consider(
                        FlacSubframe.LPC + ORDER - 1,
                        fitted,
                        PRECISION_AND_SHIFT_BITS + ORDER * LinearPrediction.PRECISION);
            }
        }
    }

    private static int[] shifted(int[] samples, int size, int wasted) {
        int[] shifted = new int[size];
        for (int i = 0; i < size; i++) {
            shifted[i] = samples[i] >> wasted;
        }
        return shifted;
    }

    /** The order with the smallest sum of absolute differences. */
    private int fixedOrder() {
        int most = Math.min(FlacSubframe.MAX_FIXED_ORDER, size - 1);
        long[] sums = new long[most + 1];
        long[] last = new long[most + 1];
        for (int i = 0; i < size; i++) {
            long difference = samples[i];
            for (int order = 0; order <= most; order++) {
                sums[order] += i < most ? 0 : Math.abs(difference);
                long next = difference - last[order];
                last[order] = difference;
                difference = next;
            }
        }
        int best = 0;
        for (int order = 1; order <= most; order++) {
            best = sums[order] < sums[best] ? order : best;
        }
        return best;
    }

    private void consider(int candidate, LinearPrediction predictor, int predictorBits) {
        int order = predictor.coefficients().length;
        int[] differences = new int[size];
        if (!predictor.residual(samples, size, differences)) {
            return;
        }
        FlacPartitions split = FlacPartitions.best(differences, order, size);
        long needed = (long) order * bits + predictorBits + split.bits();
        if (needed < total) {
            type = candidate;
            prediction = predictor;
            partitions = split;
            residual = differences;
            total = needed;
        }
    }

    /** An upper bound of the bits that {@link #write} writes. */
    long bits() {
        return HEADER_BITS + wasted + total;
    }

    void write(FlacBitWriter out) {
        out.bits((long) type << 1 | (wasted > 0 ? 1 : 0), HEADER_BITS);
        if (wasted > 0) {
            out.bits(1, wasted);
        }
        int order = prediction.coefficients().length;
        int plain = type == FlacSubframe.CONSTANT ? 1 : type == FlacSubframe.VERBATIM ? size : order;
        for (int i = 0; i < plain; i++) {
            out.bits(samples[i], bits);
        }
        if (type >= FlacSubframe.LPC) {
            out.bits(LinearPrediction.PRECISION - 1, 4);
            out.bits(prediction.shift(), 5);
            for (int coefficient : prediction.coefficients()) {
                out.bits(coefficient, LinearPrediction.PRECISION);
            }
        }
        if (type >= FlacSubframe.FIXED) {
            partitions.write(residual, order, size, out);
        }
    }
}
