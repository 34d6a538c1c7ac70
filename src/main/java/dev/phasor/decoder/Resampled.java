package dev.phasor.decoder;

import dev.phasor.codec.AudioReader;
import dev.phasor.codec.WavReader;
import dev.phasor.signal.InvalidInputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * A sound at another rate, block by block: what a process makes of its samples and of silence behind them. Used by one
 * thread, which also reads the sound.
 */
final class Resampled implements AudioReader, AutoCloseable {

    /** Frames that are given to the process at once. */
    private static final int FRAMES = 4096;

    private final AudioReader sound;
    private final int rate;
    private final DecodingProcess process;
    private final PipedThrough pipe;
    private final float[][] block;
    private int silence;
    /** Frames of the sound that were read, all of them once {@link #ended}. */
    private long read;

    private boolean ended;
    private boolean failed;
    private long given;
    private @Nullable WavReader out;

    /**
     * @param process takes interleaved float32, gives WAV
     * @param silence frames of zeros that the process needs behind the last
     */
    Resampled(AudioReader sound, int rate, DecodingProcess process, int silence) {
        this.sound = sound;
        this.rate = rate;
        this.process = process;
        this.silence = silence;
        block = new float[sound.channels()][FRAMES];
        pipe = new PipedThrough(process, this::next);
    }

    /** Bytes that are held. */
    static long bytes(int channels) {
        long in = (long) FRAMES * Float.BYTES * channels;
        // Beside what waits, a piece on its way at each end, and what a WavReader holds.
        return (PipedThrough.WAITING + 3) * (in + PipedThrough.PIECE) + 2L * PipedThrough.PIECE;
    }

    /** What a length becomes: times rate over rate, rounded up. */
    static long length(long frames, int from, int to) {
        return Math.addExact(Math.multiplyExact(frames, to), from - 1) / from;
    }

    @Override
    public int sampleRate() {
        return rate;
    }

    @Override
    public int channels() {
        return block.length;
    }

    @Override
    public long frames() {
        return sound.frames() == UNKNOWN_FRAMES ? UNKNOWN_FRAMES : length(sound.frames(), sound.sampleRate(), rate);
    }

    private byte @Nullable [] next() throws IOException {
        int count = 0;
        if (!ended) {
            failed = true;
            count = sound.read(block, 0, FRAMES);
            failed = false;
            read += count;
            ended = count == 0;
        }
        if (ended) {
            count = Math.min(FRAMES, silence);
            silence -= count;
            if (count == 0) {
                return null;
            }
        }
        ByteBuffer piece =
                ByteBuffer.allocate(count * block.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int frame = 0; frame < count; frame++) {
            for (float[] channel : block) {
                piece.putFloat(ended ? 0 : channel[frame]);
            }
        }
        return piece.array();
    }

    /**
     * @throws InvalidInputException also for what the process makes of it, {@link DecodingProcess#end}
     * @throws dev.phasor.compute.BusyException likewise
     */
    @Override
    public int read(float[][] target, int offset, int frames) throws IOException {
        int count = readAll(target, offset, frames);
        // What the process has given until now is of samples before the silence.
        int kept = ended ? (int) Math.min(count, length(read, sound.sampleRate(), rate) - given) : count;
        given += kept;
        if (kept < frames) {
            finish(target.length);
        }
        return kept;
    }

    private int readAll(float[][] target, int offset, int frames) throws IOException {
        try {
            if (out == null) {
                out = WavReader.open(new BufferedInputStream(pipe, PipedThrough.PIECE));
            }
            return out.read(target, offset, frames);
        } catch (InvalidInputException e) {
            if (!failed) {
                process.end(e);
            }
            throw e;
        }
    }

    /** Reads what the silence became. */
    private void finish(int channels) throws IOException {
        float[][] rest = new float[channels][FRAMES];
        while (readAll(rest, 0, FRAMES) > 0) {
            // to the end
        }
        process.end(null);
        long length = length(read, sound.sampleRate(), rate);
        if (given < length) {
            throw new IllegalStateException("ffmpeg resampled to " + given + " of " + length + " samples");
        }
    }

    @Override
    public void close() {
        pipe.close();
        process.close();
    }
}
