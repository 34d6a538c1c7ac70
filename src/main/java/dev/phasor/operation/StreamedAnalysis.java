package dev.phasor.operation;

import dev.phasor.codec.AudioReader;
import dev.phasor.compute.Limits;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Streams.Stream;
import dev.phasor.operation.StftOperation.Output;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.Finiteness;
import dev.phasor.signal.Ranges;
import dev.phasor.stft.PushedFrames;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.TransformCost;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;

/**
 * {@code stft} of a sound file of any length: from stream to stream, frame by frame. Frames leave in the order in which
 * they come, all bins of a frame before the next, which is numpy's Fortran order; the values are those of the whole.
 */
public final class StreamedAnalysis {

    /** Samples of a channel that are taken at once, unless they are too much work. */
    private static final int LONGEST_BLOCK = 1 << 14;

    /** The most values of a channel's frames that wait at once. */
    private static final int MOST_VALUES = 1 << 20;

    private final TransformSettings settings;
    private final Kernels kernels;
    private final int threads;

    /** @param threads that may work at once */
    public StreamedAnalysis(Limits limits, Kernels kernels, int threads) {
        this.settings = new TransformSettings(limits);
        this.kernels = kernels;
        this.threads = threads;
    }

    /**
     * What was written.
     *
     * @param complex whether values are pairs, else they are single
     * @param sizes of the array, whose first axis varies fastest
     */
    public record Written(Map<String, Object> report, String name, boolean complex, int[] sizes) {}

    /** The bytes of the answer for each sample of a channel. */
    public double bytesPerSample(Parameters parameters) {
        StftParameters transform = settings.forAudio(parameters);
        int parts = parameters.get(Parameter.OUTPUT) == Output.COMPLEX ? 2 : 1;
        return (double) parts * Float.BYTES * transform.bins() / transform.hopLength();
    }

    /**
     * Reads the file to its end.
     *
     * @param compute where the frames are computed
     * @param out takes the values, float32 or complex64, little-endian
     */
    public Written run(
            AudioReader in, Parameters parameters, MemoryBudget.Reservation memory, Stream compute, OutputStream out)
            throws IOException {
        Report report = new Report();
        StftParameters transform = settings.forAudio(parameters);
        Output output = parameters.get(Parameter.OUTPUT);
        int parts = output == Output.COMPLEX ? 2 : 1;
        int channels = in.channels();
        TransformCost cost = new TransformCost(transform, kernels.transform(), threads);
        int samples = block(transform);
        // Of the last block also the frames that reach into the padding.
        long frames = (samples + 3L * transform.fftSize()) / transform.hopLength() + 2;
        memory.add(
                cost.tables()
                        + channels
                                * (PushedFrames.bytes(cost, samples) + 3 * parts * cost.plane(frames) + 6L * samples),
                "the stream");
        Stft stft = compute.call(() -> kernels.stft(transform));
        Channel[] all = new Channel[channels];
        Arrays.setAll(all, channel -> new Channel(stft, output, parts));
        NonFiniteSamples nonFinite = new NonFiniteSamples(channels);
        float[][] block = new float[channels][samples];
        long length = 0;
        float peak = 0;
        for (int count = in.read(block, 0, samples); count > 0; count = in.read(block, 0, samples)) {
            if (!nonFinite.found(block, 0, count, length)) {
                int got = count;
                compute.run(() -> Ranges.each(channels, channel -> all[channel].frames.push(block[channel], 0, got)));
                write(all, out);
                for (float[] channel : block) {
                    peak = Math.max(peak, AudioSignal.peak(channel, 0, count));
                }
            }
            length += count;
        }
        nonFinite.refuse(length);
        compute.run(() -> Ranges.each(channels, channel -> all[channel].frames.end()));
        write(all, out);
        report.transform(stft, parameters.has(Parameter.N_FFT) ? "n_fft" : "default")
                .audio(in.sampleRate(), length);
        Plausibility.gaps(transform, report);
        Plausibility.scale(peak, report);
        int count = Math.toIntExact(all[0].frames.frames());
        int[] sizes =
                channels == 1 ? new int[] {transform.bins(), count} : new int[] {channels, transform.bins(), count};
        String name = output == Output.COMPLEX ? "spectrogram" : Parameters.wire(output);
        return new Written(report.finish(), name, parts == 2, sizes);
    }

    private static int block(StftParameters transform) {
        long frames = Math.max(1, MOST_VALUES / transform.bins());
        return (int) Math.max(1, Math.min(LONGEST_BLOCK, frames * transform.hopLength()));
    }

    /** Value by value, those of the channels side by side. */
    private static void write(Channel[] all, OutputStream out) throws IOException {
        int count = all[0].count;
        int parts = all[0].parts;
        ByteBuffer bytes = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < count; at += parts) {
            for (Channel channel : all) {
                if (bytes.remaining() < parts * Float.BYTES) {
                    out.write(bytes.array(), 0, bytes.position());
                    bytes.clear();
                }
                for (int part = 0; part < parts; part++) {
                    bytes.putFloat(channel.values[at + part]);
                }
            }
        }
        out.write(bytes.array(), 0, bytes.position());
        for (Channel channel : all) {
            channel.count = 0;
        }
    }

    /** The frames of a channel that wait for the others'. */
    private static final class Channel {

        private final PushedFrames frames;
        private final Output output;
        private final int parts;
        /** Of one frame. */
        private final float[] magnitude;

        private float[] values = new float[0];
        private int count;

        Channel(Stft stft, Output output, int parts) {
            this.output = output;
            this.parts = parts;
            magnitude = new float[stft.parameters().bins()];
            frames = new PushedFrames(stft, this::take);
        }

        private void take(float[] re, float[] im) {
            if (!Finiteness.of(re, 0, re.length) || !Finiteness.of(im, 0, im.length)) {
                throw Finite.overflow("the spectrogram");
            }
            if (count + parts * re.length > values.length) {
                values = Arrays.copyOf(values, Math.max(count + parts * re.length, 2 * values.length));
            }
            if (parts == 2) {
                for (int bin = 0; bin < re.length; bin++) {
                    values[count++] = re[bin];
                    values[count++] = im[bin];
                }
            } else {
                for (int bin = 0; bin < re.length; bin++) {
                    double square = (double) re[bin] * re[bin] + (double) im[bin] * im[bin];
                    magnitude[bin] = (float) Math.min(Float.MAX_VALUE, Math.sqrt(square));
                }
                output.apply(magnitude);
                System.arraycopy(magnitude, 0, values, count, magnitude.length);
                count += magnitude.length;
            }
        }
    }
}
