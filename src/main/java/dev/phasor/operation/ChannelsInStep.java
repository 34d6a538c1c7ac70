package dev.phasor.operation;

import dev.phasor.codec.AudioWriter;
import dev.phasor.signal.AudioSignal;
import dev.phasor.stft.SlidingFrames.SampleSink;
import java.io.IOException;
import java.util.Arrays;

/**
 * The samples of channels that are computed one by one, until all channels have them and they are written. Every
 * channel has as many when they are.
 */
final class ChannelsInStep {

    private final int[] counts;
    private final AudioWriter out;
    private float[][] waiting;
    /** What was taken. */
    private float[][] taken;

    private int takenCount;
    private float peak;

    /** @param samples of a channel that wait at first */
    ChannelsInStep(int channels, int samples, AudioWriter out) {
        this.out = out;
        waiting = new float[channels][samples];
        taken = new float[channels][samples];
        counts = new int[channels];
    }

    /** Where a channel's samples go. */
    SampleSink of(int channel) {
        return (values, offset, count) -> keep(channel, values, offset, count);
    }

    private void keep(int channel, float[] values, int offset, int count) {
        float[] kept = waiting[channel];
        if (counts[channel] + count > kept.length) {
            kept = Arrays.copyOf(kept, Math.max(counts[channel] + count, 2 * kept.length));
            waiting[channel] = kept;
        }
        System.arraycopy(values, offset, kept, counts[channel], count);
        counts[channel] += count;
    }

    /** Writes what all channels have. */
    void write() throws IOException {
        take();
        writeTaken();
    }

    /** Takes what all channels have, to be written while more comes. What was taken before is written. */
    void take() {
        float[][] written = taken;
        taken = waiting;
        waiting = written;
        takenCount = counts[0];
        Arrays.fill(counts, 0);
    }

    /** Writes what was taken. Another thread may keep more. */
    void writeTaken() throws IOException {
        for (float[] samples : taken) {
            Finite.samples("the audio", samples, takenCount);
            peak = Math.max(peak, AudioSignal.peak(samples, 0, takenCount));
        }
        out.write(taken, 0, takenCount);
    }

    /** The largest sample written, without its sign. */
    float peak() {
        return peak;
    }
}
