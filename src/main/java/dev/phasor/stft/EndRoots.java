package dev.phasor.stft;

import java.util.Arrays;

/**
 * The roots of the weights that uncentered frames give to the first and the last samples, relative to the samples
 * between them, whose root is taken as 1. The squares of samples times roots are what the frames see of them: without
 * them the ends, which may be large where the window is nearly 0, would count more than all others.
 */
public final class EndRoots {

    static final EndRoots NONE = new EndRoots(new float[0], 0, new float[0]);

    private final float[] head;
    private final int last;
    private final float[] tail;

    /** @param last the sample of the first root of the tail */
    EndRoots(float[] head, int last, float[] tail) {
        this.head = head;
        this.last = last;
        this.tail = tail;
    }

    /** The roots of the {@link #head} first samples, then those of the samples from {@link #last} on. */
    public float[] values() {
        float[] values = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, values, head.length, tail.length);
        return values;
    }

    public int head() {
        return head.length;
    }

    public int last() {
        return last;
    }

    /** Multiplies samples by the roots, in place. */
    public void multiply(float[] samples) {
        for (int i = 0; i < head.length; i++) {
            samples[i] *= head[i];
        }
        for (int i = 0; i < tail.length; i++) {
            samples[last + i] *= tail[i];
        }
    }

    /** Divides samples by the roots, in place; where a root is 0 they stay. */
    public void divide(float[] samples) {
        for (int i = 0; i < head.length; i++) {
            samples[i] /= head[i] > 0 ? head[i] : 1;
        }
        for (int i = 0; i < tail.length; i++) {
            samples[last + i] /= tail[i] > 0 ? tail[i] : 1;
        }
    }
}
