package dev.phasor.codec;

import java.util.Arrays;

/**
 * The partitions of a residual with a Rice parameter for each, and the bits that they need (RFC 9639, 9.2.7).
 *
 * @param order the number of partitions is 2^order
 * @param parameters the Rice parameter of each partition
 * @param bits an upper bound: the quotients of a partition are estimated by the quotient of their sum
 */
record FlacPartitions(int order, int[] parameters, long bits) {

    private static final int MAX_ORDER = 6;
    private static final int MAX_PARAMETER = 30;
    private static final int METHOD_AND_ORDER_BITS = 6;

    /** Method 0 has parameters of 4 bits, method 1 of 5 bits; the largest value of each is an escape code. */
    private static final int MAX_OF_METHOD_0 = 14;

    /** @param residual used from {@code predictorOrder} to {@code size} - 1 */
    static FlacPartitions best(int[] residual, int predictorOrder, int size) {
        int order = 0;
        while (order < MAX_ORDER && size % (2 << order) == 0 && size >> order + 1 > predictorOrder) {
            order++;
        }
        long[] sums = new long[1 << order];
        int partition = size >> order;
        for (int i = predictorOrder; i < size; i++) {
            sums[i / partition] += folded(residual[i]);
        }
        FlacPartitions best = of(sums, predictorOrder, size, order);
        while (order-- > 0) {
            for (int i = 0; i < 1 << order; i++) {
                sums[i] = sums[2 * i] + sums[2 * i + 1];
            }
            FlacPartitions coarser = of(sums, predictorOrder, size, order);
            best = coarser.bits <= best.bits ? coarser : best;
        }
        return best;
    }

    /** @param sums of the folded residual, by partition */
    private static FlacPartitions of(long[] sums, int predictorOrder, int size, int order) {
        int[] parameters = new int[1 << order];
        long bits = METHOD_AND_ORDER_BITS;
        for (int i = 0; i < parameters.length; i++) {
            long count = (size >> order) - (i == 0 ? predictorOrder : 0);
            // The mean times 2/3, which is close to ln 2: the median of a geometric distribution.
            long median = count == 0 ? 0 : sums[i] * 2 / (3 * count);
            parameters[i] = Math.min(MAX_PARAMETER, 64 - Long.numberOfLeadingZeros(median));
            bits += count * (1 + parameters[i]) + (sums[i] >>> parameters[i]);
        }
        return new FlacPartitions(order, parameters, bits + (4L + method(parameters)) * parameters.length);
    }

    /** Maps 0, -1, 1, -2, 2, ... to 0, 1, 2, 3, 4, ... */
    static long folded(int residual) {
        return (long) residual << 1 ^ residual >> 31;
    }

    private static int method(int[] parameters) {
        return Arrays.stream(parameters).max().orElse(0) > MAX_OF_METHOD_0 ? 1 : 0;
    }

    void write(int[] residual, int predictorOrder, int size, FlacBitWriter out) {
        int method = method(parameters);
        out.bits(method, 2);
        out.bits(order, 4);
        int partition = size >> order;
        int from = predictorOrder;
        for (int i = 0; i < parameters.length; i++) {
            out.bits(parameters[i], 4 + method);
            for (int to = (i + 1) * partition; from < to; from++) {
                out.rice(residual[from], parameters[i]);
            }
        }
    }
}
