package dev.phasor.reconstruction;

import java.util.Arrays;

/**
 * A priority queue of positions, the largest magnitude first. Magnitudes that agree in their first 9 bits count as
 * equal; the last one added comes first. Unlike in a heap, adding and taking take the same time for any length of the
 * queue. Measured: the coarse order costs the phase gradient integration 0.01 dB.
 */
final class MagnitudeQueue {

    private static final int NONE = -1;

    /** Drops all but the exponent and 8 bits of the fraction. Positive floats have the order of their bits. */
    private static final int SHIFT = 23 - 8;

    private final int lowest;
    private final int[] first;
    private final int[] next;
    private final long[] occupied;
    private int highestWord;

    /**
     * @param size positions are 0..size - 1, and each is in the queue at most once at a time
     * @param smallest the smallest magnitude, positive
     * @param largest the largest magnitude
     */
    MagnitudeQueue(int size, float smallest, float largest) {
        lowest = bucket(smallest);
        int buckets = bucket(largest) - lowest + 1;
        first = new int[buckets];
        next = new int[size];
        occupied = new long[(buckets + Long.SIZE - 1) / Long.SIZE];
        Arrays.fill(first, NONE);
    }

    private static int bucket(float magnitude) {
        return Float.floatToRawIntBits(magnitude) >>> SHIFT;
    }

    void add(int position, float magnitude) {
        int bucket = bucket(magnitude) - lowest;
        next[position] = first[bucket];
        first[bucket] = position;
        int word = bucket / Long.SIZE;
        occupied[word] |= 1L << bucket;
        highestWord = Math.max(highestWord, word);
    }

    /** Takes a position of the largest magnitude, or returns -1 if the queue is empty. */
    int poll() {
        while (occupied[highestWord] == 0) {
            if (highestWord == 0) {
                return NONE;
            }
            highestWord--;
        }
        int bucket = highestWord * Long.SIZE + Long.SIZE - 1 - Long.numberOfLeadingZeros(occupied[highestWord]);
        int position = first[bucket];
        first[bucket] = next[position];
        if (first[bucket] == NONE) {
            occupied[highestWord] &= ~(1L << bucket);
        }
        return position;
    }
}
