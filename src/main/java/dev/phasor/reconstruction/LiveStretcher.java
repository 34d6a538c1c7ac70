package dev.phasor.reconstruction;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.stft.SlidingFrames.SampleSink;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.TransformCost;

/**
 * {@link Stretcher} of one channel whose samples arrive in pieces, with {@link StretchAlgorithm#LIVE}: a frame of
 * {@link StretchedSpectrogram} is computed as soon as the samples that it sees have come, and {@link LiveProjections}
 * goes on from its phase. The samples do not depend on the pieces, and are those of the whole. Not thread-safe.
 */
public final class LiveStretcher {

    /** No answer is longer, as no array is. */
    private static final double MOST_SAMPLES = Integer.MAX_VALUE - 8;

    private final StftParameters stft;
    private final double rate;
    private final double pitch;
    private final int lookahead;
    private final SampleSink sink;
    private final RecentSamples samples;
    private final StretchedSpectrogram frames;
    private final LiveProjections projections;
    private final BandLimited.Reader reader;
    private final float[][] re;
    private final float[][] im;
    private long received;

    /**
     * @param given centered, padded with zeros
     * @param parameters iterations and look-ahead are used
     * @param rate 2 is twice as fast; 1 with {@code pitch} 1 hands out each sample as it comes
     * @param pitch the ratio of frequencies, 2 is an octave up
     */
    public LiveStretcher(
            Stft given,
            Kernels kernels,
            ReconstructionParameters parameters,
            double rate,
            double pitch,
            SampleSink sink) {
        this.rate = rate;
        this.pitch = pitch;
        this.sink = sink;
        stft = given.parameters();
        lookahead = parameters.lookahead();
        samples = new RecentSamples(Math.toIntExact(span(stft, rate / pitch)));
        frames = new StretchedSpectrogram(
                stft,
                given.frameTransform(),
                new float[][] {samples.values()},
                longer(0).endless());
        reader = new BandLimited.Reader(pitch, sink);
        projections = new LiveProjections(
                kernels,
                given,
                parameters,
                new RandomPhase(parameters.seed(), 0),
                Long.MAX_VALUE,
                pitch == 1 ? sink : reader);
        re = new float[1][stft.bins()];
        im = new float[1][stft.bins()];
    }

    /** The most bytes that an instance holds, without its {@link Stft}. */
    public static long bytes(ReconstructionParameters parameters, TransformCost cost, double rate, double pitch) {
        return RecentSamples.bytes(span(parameters.stft(), rate / pitch))
                + StretchedSpectrogram.bytes(parameters.stft(), 1)
                + cost.frameTransform()
                + LiveProjections.bytes(parameters, cost)
                + cost.loop()
                + BandLimited.Reader.bytes(pitch)
                + 2 * cost.plane(1);
    }

    /** Samples of the source that a frame sees, and all that the next ones see again. */
    private static long span(StftParameters stft, double speed) {
        return stft.fftSize() + (long) Math.ceil(Math.max(1, (speed + 1) / 2) * stft.hopLength()) + 4;
    }

    private boolean isIdentity() {
        return rate == 1 && pitch == 1;
    }

    /** Frames of the result, before its pitch is another. */
    public long frames() {
        return frames.frames();
    }

    /** What is heard at sample n of the source is handed out when n and so many more samples have come, at most. */
    public long latency() {
        if (isIdentity()) {
            return 1;
        }
        double speed = rate / pitch;
        int hop = stft.hopLength();
        int after = stft.fftSize() - stft.pad();
        double waiting = stft.pad() + hop - Math.min(hop, after) + (double) lookahead * hop;
        double ahead = Math.max(0, (1 - speed) * hop / 2);
        return (long) Math.ceil(speed * (waiting + (pitch == 1 ? 0 : BandLimited.reach(pitch))) + after + ahead + 1);
    }

    /**
     * @param given the next samples. Not modified.
     * @throws InvalidInputException {@code TOO_LARGE} if the result becomes too long
     */
    public void push(float[] given, int offset, int count) {
        received += count;
        if (received * Math.max(1, pitch) / rate > MOST_SAMPLES) {
            throw new InvalidInputException(
                    Code.TOO_LARGE,
                    "the stretched audio must be at most " + (long) MOST_SAMPLES + " samples, got " + received
                            + " at rate " + rate + "; begin another session");
        }
        if (isIdentity()) {
            sink.samples(given, offset, count);
            return;
        }
        for (int at = 0; at < count; ) {
            at += samples.take(given, offset + at, count - at, frames.first());
            while (frames.end() <= samples.end()) {
                next();
            }
        }
    }

    /**
     * No sample follows: hands out the rest of round(n / rate) samples.
     *
     * @throws InvalidInputException {@code NOLA} if window and hop cannot be inverted
     */
    public void end() {
        if (isIdentity() || received == 0) {
            return;
        }
        int length = Stretcher.length(longer(received));
        int count = stft.frames(length);
        while (frames.frames() < count) {
            next();
        }
        projections.end(length);
        if (pitch != 1) {
            reader.end(Stretcher.length(TimeMap.ofRate(received, rate)));
        }
    }

    /** Before the pitch is another. */
    private TimeMap longer(long length) {
        TimeMap map = TimeMap.ofRate(length, rate);
        return pitch == 1 ? map : map.times(pitch);
    }

    private void next() {
        frames.next(samples.first(), re, im, 0);
        projections.push(re[0], im[0]);
    }
}
