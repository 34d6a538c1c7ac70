package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.AudioWriter;
import dev.phasor.codec.ComplexFrames;
import dev.phasor.compute.HeapRegions;
import dev.phasor.compute.Limits;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Streams.Block;
import dev.phasor.compute.Streams.Stream;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.PushedInverse;
import dev.phasor.reconstruction.SpectrogramInverse.Inconsistency;
import dev.phasor.signal.PlaneOrder;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.Rows;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.TransformCost;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * {@code istft} of a complex spectrogram of any length whose frames come one after the other: from stream to stream, in
 * blocks. While one is computed, the one before is written and the one after is read. The samples and the report are
 * those of the whole.
 */
public final class StreamedSynthesis {

    /** Bins of a channel that are taken at once, unless a tile has more. */
    private static final int BLOCK_BINS = 1 << 18;

    /** Blocks from which on less is held than the whole. */
    private static final int LEAST_BLOCKS = 2;

    /** Each has frames under way of its own. */
    private static final int MOST_CHANNELS = 32;

    private final TransformSettings settings;
    private final Transform transform;
    private final Kernels kernels;
    private final int threads;

    /** @param threads that may work at once */
    public StreamedSynthesis(Limits limits, Kernels kernels, int threads) {
        this.settings = new TransformSettings(limits);
        this.transform = new Transform(settings, kernels);
        this.kernels = kernels;
        this.threads = threads;
    }

    /** What is asked for. */
    public final class Task {

        private final ComplexFrames in;
        private final SpectrogramShape shape;
        private final int channels;
        private final int sampleRate;
        private final int length;
        private final int blockFrames;
        private final TransformCost cost;
        private final Parameters parameters;

        private Task(ComplexFrames in, Parameters parameters) {
            this.in = in;
            this.parameters = parameters;
            shape = in.shape();
            channels = shape.items();
            StftParameters geometry = settings.forSpectrogram(parameters, shape);
            length = Transform.length(parameters, geometry, shape);
            sampleRate = parameters
                    .find(Parameter.SAMPLE_RATE)
                    .orElseThrow(() -> badParameter(
                            "sample_rate", "given to write a sound file (or ask for application/x-npy)", "none"));
            cost = new TransformCost(geometry, kernels.transform(), threads);
            blockFrames = blockFrames(geometry);
        }

        /** Channels of the sound. */
        public int channels() {
            return channels;
        }

        public int sampleRate() {
            return sampleRate;
        }

        private long bytes() {
            long planes = 4 * cost.plane(blockFrames);
            long bytes = cost.tables()
                    + cost.workers()
                    + cost.overlap()
                    + ComplexFrames.bytesHeld()
                    + channels * (planes + PushedInverse.bytes(cost, length, shape.frames(), blockFrames))
                    + channels * 4L * Float.BYTES * samples();
            return (long) (bytes * HeapRegions.times(cost.plane(blockFrames)));
        }

        /** That a block's frames may become. */
        private long samples() {
            return (long) blockFrames * cost.parameters().hopLength()
                    + cost.parameters().fftSize();
        }

        /**
         * Reads the frames to the last, and writes the samples.
         *
         * @param compute where the blocks are computed
         * @return the report, on what was written
         */
        public Map<String, Object> run(MemoryBudget.Reservation memory, Stream compute, AudioWriter out)
                throws IOException {
            memory.add(bytes(), "the stream");
            Report report = new Report();
            Stft stft = compute.call(() -> transform.ofSpectrogram(parameters, shape, report));
            report.fade(compute.call(() -> stft.checkInvertible(shape.frames(), length)));
            ChannelsInStep sound = new ChannelsInStep(channels, 0, out);
            PushedInverse[] inverses = new PushedInverse[channels];
            compute.run(() -> Arrays.setAll(
                    inverses,
                    channel ->
                            new PushedInverse(stft, kernels.iteration(), shape.frames(), length, sound.of(channel))));
            NonFiniteBins nonFinite = new NonFiniteBins(shape);
            Frames frames = new Frames(nonFinite);
            for (boolean more = frames.read(); more; ) {
                Rows[] re = frames.re;
                Rows[] im = frames.im;
                boolean finite = nonFinite.none();
                try (Block<Boolean> computed = compute.begin(() -> {
                    if (finite) {
                        Ranges.each(channels, channel -> inverses[channel].push(re[channel], im[channel]));
                    }
                    return true;
                })) {
                    sound.writeTaken();
                    more = frames.read();
                    computed.await();
                }
                sound.take();
            }
            nonFinite.refuse();
            Inconsistency[] found = new Inconsistency[channels];
            compute.run(() -> Ranges.each(channels, channel -> found[channel] = inverses[channel].end()));
            sound.writeTaken();
            IstftOperation.put(report, List.of(found), shape.leading());
            return report.audio(sampleRate, length).peak(sound.peak()).finish();
        }

        /** The block that was read last. */
        private final class Frames {

            private final NonFiniteBins nonFinite;
            private Rows[] re = new Rows[0];
            private Rows[] im = new Rows[0];

            Frames(NonFiniteBins nonFinite) {
                this.nonFinite = nonFinite;
            }

            /** False if there are no more. */
            boolean read() throws IOException {
                int position = in.position();
                int count = Math.min(blockFrames, shape.frames() - position);
                if (count == 0) {
                    return false;
                }
                SpectrogramShape part = new SpectrogramShape(shape.leading(), shape.bins(), count);
                float[][] nextRe = part.newPlanes();
                float[][] nextIm = part.newPlanes();
                if (!in.read(count, nextRe, nextIm)) {
                    nonFinite.count(nextRe, nextIm, position);
                }
                re = rows(nextRe, part);
                im = rows(nextIm, part);
                return true;
            }
        }
    }

    private static Rows[] rows(float[][] planes, SpectrogramShape shape) {
        return Arrays.stream(planes)
                .map(plane -> new Rows(plane, 0, shape, PlaneOrder.FRAMES_FIRST))
                .toArray(Rows[]::new);
    }

    private static int blockFrames(StftParameters geometry) {
        return FrameLoop.TILE_FRAMES * Math.max(1, BLOCK_BINS / geometry.bins() / FrameLoop.TILE_FRAMES);
    }

    /**
     * Whether that is the better way: short ones and many channels are held in less, a device takes the whole, and
     * samples that no frame reaches would all wait at once.
     *
     * @param mostHeld bytes of the longest body that is held
     */
    public boolean takes(ComplexFrames in, Parameters parameters, long mostHeld) {
        StftParameters geometry = settings.forSpectrogram(parameters, in.shape());
        int frames = in.shape().frames();
        int length = Transform.length(parameters, geometry, in.shape());
        return frames >= LEAST_BLOCKS * blockFrames(geometry)
                && in.shape().items() <= MOST_CHANNELS
                && geometry.determined(frames, length) == length
                && (!kernels.accelerator().exists() || in.bytes() > mostHeld);
    }

    /**
     * Reads the request.
     *
     * @throws dev.phasor.signal.InvalidInputException if it asks for what there is not
     */
    public Task task(ComplexFrames in, Parameters parameters) {
        return new Task(in, parameters);
    }
}
