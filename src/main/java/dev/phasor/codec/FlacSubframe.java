package dev.phasor.codec;

import java.io.IOException;
import java.util.Arrays;

/**
 * Decodes one channel of a frame (RFC 9639, 9.2). Every sample must fit in its bits, so no prediction overflows: 32
 * products of a 15-bit coefficient and a 33-bit sample need 53 bits.
 */
final class FlacSubframe {

    static final int CONSTANT = 0;
    static final int VERBATIM = 1;
    static final int FIXED = 8;
    static final int LPC = 32;

    static final int MAX_FIXED_ORDER = 4;

    /** The weights of the samples 1, 2, ... back in the fixed predictors, by order. */
    static final int[][] FIXED_COEFFICIENTS = {{}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1}};

    private final FlacBitReader in;
    private final long[] out;
    private final int size;

    /** @param out Modified: the first {@code size} samples. */
    FlacSubframe(FlacBitReader in, long[] out, int size) {
        this.in = in;
        this.out = out;
        this.size = size;
    }

    /** @param streamBits bits of a sample: the stream's, plus one in a channel of differences */
    void read(int streamBits) throws IOException {
        if (in.bits(1) != 0) {
            throw Malformed.flac("the first bit of a subframe must be 0");
        }
        int type = (int) in.bits(6);
        long wasted = in.bits(1) == 0 ? 0 : in.unary() + 1;
        if (wasted >= streamBits) {
            throw Malformed.flac("wasted bits must be fewer than the sample's " + streamBits + ", got " + wasted);
        }
        int bits = streamBits - (int) wasted;
        if (type == CONSTANT) {
            Arrays.fill(out, 0, size, in.signed(bits));
        } else if (type == VERBATIM) {
            warmUp(size, bits);
        } else if (type >= FIXED && type <= FIXED + MAX_FIXED_ORDER) {
            fixed(type - FIXED, bits);
        } else if (type >= LPC) {
            linear(type - LPC + 1, bits);
        } else {
            throw Malformed.flac("subframe type must not be reserved, got " + type);
        }
        for (int i = 0; i < size && wasted > 0; i++) {
            out[i] <<= wasted;
        }
    }

    private void fixed(int order, int bits) throws IOException {
        warmUp(order, bits);
        residual(order);
        predict(FIXED_COEFFICIENTS[order], 0, bits);
    }

    private void linear(int order, int bits) throws IOException {
        warmUp(order, bits);
        int precision = (int) in.bits(4) + 1;
        if (precision == 16) {
            throw Malformed.flac("precision of coefficients must be in 1..15 bits, got 16");
        }
        int shift = (int) in.signed(5);
        if (shift < 0) {
            throw Malformed.flac("shift of a prediction must be >= 0, got " + shift);
        }
        int[] coefficients = new int[order];
        for (int i = 0; i < order; i++) {
            coefficients[i] = (int) in.signed(precision);
        }
        residual(order);
        predict(coefficients, shift, bits);
    }

    private void warmUp(int count, int bits) throws IOException {
        if (count > size) {
            throw Malformed.flac("order of a predictor must be at most the block's " + size + " samples, got " + count);
        }
        for (int i = 0; i < count; i++) {
            out[i] = in.signed(bits);
        }
    }

    /** Converts residuals to samples. */
    private void predict(int[] coefficients, int shift, int bits) {
        int order = coefficients.length;
        long largest = (1L << (bits - 1)) - 1;
        for (int i = order; i < size; i++) {
            long prediction = 0;
            for (int k = 0; k < order; k++) {
                prediction += coefficients[k] * out[i - 1 - k];
            }
            long sample = out[i] + (prediction >> shift);
            if (sample > largest || sample < -largest - 1) {
                throw Malformed.flac("a sample must fit in " + bits + " bits, got " + sample);
            }
            out[i] = sample;
        }
    }

    /** Reads the residuals of the samples from {@code order} on, in partitions of equal size. */
    private void residual(int order) throws IOException {
        int method = (int) in.bits(2);
        if (method > 1) {
            throw Malformed.flac("residual coding method must be 0 or 1, got " + method);
        }
        int parameterBits = 4 + method;
        int escape = (1 << parameterBits) - 1;
        int partitionOrder = (int) in.bits(4);
        int partition = size >> partitionOrder;
        if (partition << partitionOrder != size || partition < order) {
            throw Malformed.flac("a block of " + size + " samples with a predictor of order " + order
                    + " must be divisible into its partitions, got 2^" + partitionOrder);
        }
        int from = order;
        for (int end = partition; end <= size; end += partition) {
            int parameter = (int) in.bits(parameterBits);
            if (parameter == escape) {
                plain((int) in.bits(5), from, end);
            } else {
                in.rice(parameter, out, from, end);
            }
            from = end;
        }
    }

    private void plain(int bits, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            out[i] = bits == 0 ? 0 : in.signed(bits);
        }
    }
}
