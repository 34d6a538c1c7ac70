package dev.phasor.reconstruction;

import dev.phasor.stft.StftParameters;
import dev.phasor.stft.TransformCost;

/**
 * Predicts the cost of a {@link Stretcher}: an upper bound of the bytes held at once, and the work, in values passed
 * over of some 10 ns each.
 *
 * @param map of the map that says which sample is heard when
 * @param pitch the ratio of frequencies
 * @param settings iterations and look-ahead are used
 */
public record StretchCost(
        TransformCost transform,
        int items,
        TimeMap.Extent map,
        double pitch,
        StretchAlgorithm algorithm,
        ReconstructionParameters settings) {

    /** Its values row by row, the map, and that of another pitch. */
    private static final int MAPS = 3;

    /** Work of a bin of a channel: its turns, its rotation and its place in the queue. */
    private static final int BIN_WORK = 30;

    /** Work of a sample that is read between others. */
    private static final int READ_WORK = 40;

    private double length() {
        return Math.max(1, map.length() * pitch);
    }

    private double frames() {
        return length() / stft().hopLength() + 1;
    }

    private StftParameters stft() {
        return transform.parameters();
    }

    /** Values of the spectrogram at the other speed. */
    public double values() {
        return items * frames() * stft().bins();
    }

    /** The samples before their pitch is another, and after. */
    public double samples() {
        return items * Math.max(length(), map.length());
    }

    /** Of values and samples that arrays hold. */
    public long bytes() {
        long planes = items * transform.plane((long) Math.ceil(frames()));
        long answered = (long) (Float.BYTES * items * ((pitch == 1 ? 0 : length()) + 2 * map.length()));
        long magnitudes = Math.min(items, transform.threads()) * transform.plane((long) Math.ceil(frames()));
        return 2 * planes
                + magnitudes
                + answered
                + transform.frameTransform()
                + StretchedSpectrogram.bytes(stft(), items)
                + MAPS * map.bytes()
                + reconstruction().bytes();
    }

    public double work() {
        return transform.singleFrames(3.0 * items * frames())
                + BIN_WORK * values()
                + (pitch == 1 ? 0 : READ_WORK * Math.max(1, pitch) * items * map.length())
                + reconstruction().work();
    }

    /** The work of each hop of the source that {@link LiveStretcher} is fed: that of all frames that it becomes. */
    public static double hopWork(
            TransformCost transform, ReconstructionParameters settings, double rate, double pitch) {
        StftParameters stft = transform.parameters();
        double frame = transform.singleFrames(3)
                + BIN_WORK * stft.bins()
                + ReconstructionCost.frameWork(Algorithm.LIVE, settings, transform, Integer.MAX_VALUE);
        double read = pitch == 1 ? 0 : READ_WORK * Math.max(1, pitch) * stft.hopLength();
        return frame * Math.max(1, Math.ceil(pitch / rate)) + read * Math.max(1, 1 / rate);
    }

    private ReconstructionCost reconstruction() {
        int length = (int) Math.min(Integer.MAX_VALUE, Math.ceil(length()));
        return new ReconstructionCost(
                algorithm.algorithm(), settings, items, (int) Math.ceil(frames()), length, transform);
    }
}
