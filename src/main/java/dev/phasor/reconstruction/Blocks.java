package dev.phasor.reconstruction;

import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.StftParameters;

/**
 * How the frames of a long spectrogram are divided: into blocks of about equal length, each of which shares its last
 * frames with the next. The division depends on the frames and the transform alone.
 *
 * @param frames in all
 * @param count blocks
 * @param overlap frames that a block shares with the next
 */
public record Blocks(int frames, int count, int overlap) {

    /**
     * Shared frames for each frame that reaches a sample. What a block's end does not know is seen some hundred frames
     * before it. With it the mean of benchmarks/blocks is that of the whole, and the frames near the joins are as good
     * as the others: docs/api.md.
     */
    private static final int OVERLAP = 32;

    /** A block has at least this many times the shared frames, so that most of its frames are its own. */
    private static final int LEAST_OVERLAPS = 4;

    /** @param values of a block, bins times frames, as many as {@link #LEAST_OVERLAPS} allows */
    public static Blocks of(StftParameters stft, int frames, int values) {
        int overlap = (int) Math.min(Integer.MAX_VALUE / LEAST_OVERLAPS, (long) OVERLAP * reach(stft));
        int most = Math.max(LEAST_OVERLAPS * overlap, values / stft.bins());
        int apart = most - overlap - FrameLoop.TILE_FRAMES;
        int count = frames <= most ? 1 : (frames - overlap + apart - 1) / apart;
        return new Blocks(frames, count, overlap);
    }

    /** Frames that reach one sample. */
    static int reach(StftParameters stft) {
        return (int) ((stft.fftSize() + stft.hopLength() - 1L) / stft.hopLength());
    }

    /** The first frame of a block: the first of a tile. */
    public int from(int block) {
        long even = (long) (frames - overlap) * block / count;
        return (int) (even / FrameLoop.TILE_FRAMES * FrameLoop.TILE_FRAMES);
    }

    /** The frame after a block's last. */
    public int to(int block) {
        return block + 1 == count ? frames : from(block + 1) + overlap;
    }

    /** The frames of the longest block. */
    public int longest() {
        int longest = 0;
        for (int block = 0; block < count; block++) {
            longest = Math.max(longest, to(block) - from(block));
        }
        return longest;
    }
}
