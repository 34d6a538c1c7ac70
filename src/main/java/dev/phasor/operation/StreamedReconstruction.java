package dev.phasor.operation;

import dev.phasor.codec.AudioReader;
import dev.phasor.codec.AudioWriter;
import dev.phasor.compute.Limits;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Streams.Block;
import dev.phasor.compute.Streams.Stream;
import dev.phasor.phase.Floor;
import dev.phasor.reconstruction.IterationKernel;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.StreamedInverse;
import dev.phasor.reconstruction.StreamedInverse.Outcome;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.Shape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.TransformCost;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * {@code reconstruct} of a sound file of any length by {@code istft}: from stream to stream, in blocks. While one is
 * computed, the one before is written and the one after is read.
 */
public final class StreamedReconstruction {

    /** Samples of a channel that are taken at once, unless they are too much work. */
    private static final int LONGEST_BLOCK = 1 << 17;

    /** The work of a block, in values of some 10 ns: files take turns at the threads after each. */
    private static final double BLOCK_WORK = 1e7;

    private final TransformSettings settings;
    private final Kernels kernels;
    private final int threads;

    /** @param threads that may work at once */
    public StreamedReconstruction(Limits limits, Kernels kernels, int threads) {
        this.settings = new TransformSettings(limits);
        this.kernels = kernels;
        this.threads = threads;
    }

    /**
     * Reads the file to its end and writes as many samples.
     *
     * @param compute where the blocks are computed
     * @return the report, on what was written
     */
    public Map<String, Object> run(
            AudioReader in, Parameters parameters, MemoryBudget.Reservation memory, Stream compute, AudioWriter out)
            throws IOException {
        Report report = new Report();
        StftParameters transform = settings.forAudio(parameters);
        Floor floor = PhaseVjpOperation.floor(parameters);
        int channels = in.channels();
        TransformCost cost = new TransformCost(transform, kernels.transform(), threads);
        int samples = block(cost, channels);
        memory.add(
                cost.tables()
                        + cost.workers()
                        + cost.overlap()
                        + channels * (StreamedInverse.bytes(cost, samples) + 10L * Float.BYTES * samples),
                "the stream");
        Stft stft = compute.call(() -> kernels.stft(transform));
        if (in.frames() != AudioReader.UNKNOWN_FRAMES) {
            compute.run(() -> stft.checkInvertible(in.frames()));
        }
        Channels lanes = compute.call(
                () -> new Channels(stft, kernels.iteration(), floor, in.peak(), channels, samples, compute, out));
        NonFiniteSamples nonFinite = new NonFiniteSamples(channels);
        float[][] block = new float[channels][samples];
        float[][] next = new float[channels][samples];
        long length = 0;
        for (int count = in.read(block, 0, samples); count > 0; ) {
            boolean isFinite = !nonFinite.found(block, 0, count, length);
            boolean isFirst = length == 0;
            length += count;
            try (Block<Boolean> computed = lanes.begin(block, isFinite ? count : 0)) {
                if (!isFirst) {
                    lanes.sound.writeTaken();
                }
                count = in.read(next, 0, samples);
                computed.await();
            }
            lanes.sound.take();
            float[][] read = next;
            next = block;
            block = read;
        }
        nonFinite.refuse(length);
        Outcome[] outcomes = lanes.end(length > 0);
        Shape leading = channels == 1 ? Shape.SCALAR : Shape.of(channels);
        report.transform(stft, parameters.has(Parameter.N_FFT) ? "n_fft" : "default");
        report.fade(stft.checkInvertible(length));
        KnownPhase.put(report, List.of(outcomes), leading);
        report.audio(in.sampleRate(), length).peak(lanes.sound.peak());
        return report.finish();
    }

    private static int block(TransformCost cost, int channels) {
        double workPerSample =
                channels * StreamedInverse.frameWork(cost) / cost.parameters().hopLength();
        return (int) Math.max(1, Math.min(LONGEST_BLOCK, BLOCK_WORK / workPerSample));
    }

    /** Each channel's pipeline; what comes out of them is written once all channels have it. */
    private static final class Channels {

        private final StreamedInverse[] pipelines;
        private final Stream compute;
        private final ChannelsInStep sound;

        Channels(
                Stft stft,
                IterationKernel kernel,
                Floor floor,
                float peak,
                int channels,
                int block,
                Stream compute,
                AudioWriter out) {
            this.compute = compute;
            sound = new ChannelsInStep(channels, 2 * block, out);
            pipelines = new StreamedInverse[channels];
            Arrays.setAll(pipelines, channel -> new StreamedInverse(stft, kernel, floor, peak, sound.of(channel)));
        }

        Block<Boolean> begin(float[][] block, int count) {
            return compute.begin(() -> {
                Ranges.each(pipelines.length, channel -> pipelines[channel].push(block[channel], 0, count));
                return true;
            });
        }

        /** @param hasTaken whether a block was taken and is not written */
        Outcome[] end(boolean hasTaken) throws IOException {
            Outcome[] outcomes = new Outcome[pipelines.length];
            compute.run(() -> Ranges.each(pipelines.length, channel -> outcomes[channel] = pipelines[channel].end()));
            if (hasTaken) {
                sound.writeTaken();
            }
            sound.write();
            return outcomes;
        }
    }
}
