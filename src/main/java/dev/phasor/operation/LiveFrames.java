package dev.phasor.operation;

import dev.phasor.codec.SpectrogramLayout;
import dev.phasor.reconstruction.IterationKernel;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.stft.PushedFrames;
import dev.phasor.stft.Stft;
import java.util.Map;

/** Frames of audio while it comes: {@link StftOperation} and {@link MelOperation}, fed. */
final class LiveFrames extends LiveOperation {

    private final Stft stft;
    private final Report report;
    private final PushedFrames frames;
    private final int rate;
    private final int width;
    private final int dropped;
    /** Answers the frame that waits. */
    private final Runnable last;

    private LiveFrames(
            Stft stft,
            Report report,
            int rate,
            boolean isWide,
            int width,
            double preemphasis,
            int dropped,
            Runnable last,
            PushedFrames.FrameSink sink) {
        super("audio", true, 1);
        this.stft = stft;
        this.report = report;
        this.rate = rate;
        this.width = width;
        this.dropped = dropped;
        this.last = last;
        frames = isWide ? PushedFrames.wide(stft, preemphasis, sink) : new PushedFrames(stft, sink);
    }

    static LiveFrames stft(Stft stft, Report report, Parameters parameters, IterationKernel kernel, Sink sink) {
        int bins = stft.parameters().bins();
        int rate = Transform.rate(parameters);
        StftOperation.Output output = parameters.get(Parameter.OUTPUT);
        if (output != StftOperation.Output.COMPLEX) {
            return new LiveFrames(stft, report, rate, false, bins, 0, 0, () -> {}, (re, im) -> {
                Finite.samples("the spectrogram", re, bins);
                Finite.samples("the spectrogram", im, bins);
                kernel.magnitude(re, im, re, 0, bins);
                output.apply(re);
                answer("the spectrogram", re, sink);
            });
        }
        boolean apart = parameters.get(Parameter.LAYOUT) == SpectrogramLayout.SUBBANDS;
        float[] values = new float[2 * bins];
        return new LiveFrames(stft, report, rate, false, 2 * bins, 0, 0, () -> {}, (re, im) -> {
            for (int bin = 0; bin < bins; bin++) {
                values[apart ? bin : 2 * bin] = re[bin];
                values[apart ? bins + bin : 2 * bin + 1] = im[bin];
            }
            answer("the spectrogram", values, sink);
        });
    }

    static LiveFrames mel(Stft stft, Report report, int rate, MelSetup setup, Sink sink) {
        float[] mels = new float[setup.mels()];
        float[] waiting = new float[setup.mels()];
        boolean[] waits = new boolean[1];
        PushedFrames.FrameSink each = (re, im) -> {
            if (setup.transform().dropsLastFrame() && waits[0]) {
                answer("the mel", waiting, sink);
            }
            setup.transform().mels(re, im, mels, 0);
            setup.transform().apply(mels);
            if (setup.transform().dropsLastFrame()) {
                System.arraycopy(mels, 0, waiting, 0, mels.length);
                waits[0] = true;
            } else {
                answer("the mel", mels, sink);
            }
        };
        int dropped = setup.transform().dropsLastFrame() ? 1 : 0;
        Runnable last = () -> answer("the mel", waiting, sink);
        return new LiveFrames(stft, report, rate, true, mels.length, setup.preemphasis(), dropped, last, each);
    }

    private static void answer(String what, float[] values, Sink sink) {
        Finite.samples(what, values, values.length);
        sink.values(values, 0, values.length);
    }

    @Override
    public int valuesOut() {
        return width;
    }

    @Override
    public boolean answersSamples() {
        return false;
    }

    @Override
    public long latency() {
        return stft.parameters().fftSize() + (long) dropped * hopLength();
    }

    @Override
    public int hopLength() {
        return stft.parameters().hopLength();
    }

    @Override
    void samples(float[] values, int offset, int count) {
        frames.push(values, offset, count);
    }

    /** @throws InvalidInputException {@code SHAPE_MISMATCH} if there was too little for one frame */
    @Override
    Map<String, Object> finish() {
        frames.end();
        if (dropped > 0 && frames.frames() == 1) {
            last.run(); // one alone is kept
        }
        return report.audio(rate, frames.length())
                .put("frames", Math.max(Math.min(1, frames.frames()), frames.frames() - dropped))
                .finish();
    }
}
