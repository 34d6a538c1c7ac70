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
    private final int width;
    private final double preemphasis;
    private final int dropped;
    private float before;
    private boolean begun;

    private LiveFrames(
            Stft stft,
            Report report,
            boolean isWide,
            int width,
            double preemphasis,
            int dropped,
            PushedFrames.FrameSink sink) {
        super("audio", 1);
        this.stft = stft;
        this.report = report;
        this.width = width;
        this.preemphasis = preemphasis;
        this.dropped = dropped;
        frames = new PushedFrames(stft, isWide, sink);
    }

    static LiveFrames stft(Stft stft, Report report, Parameters parameters, IterationKernel kernel, Sink sink) {
        int bins = stft.parameters().bins();
        StftOperation.Output output = parameters.get(Parameter.OUTPUT);
        if (output != StftOperation.Output.COMPLEX) {
            return new LiveFrames(stft, report, false, bins, 0, 0, (re, im) -> {
                kernel.magnitude(re, im, re, 0, bins);
                output.apply(re);
                answer("the spectrogram", re, sink);
            });
        }
        boolean apart = parameters.get(Parameter.LAYOUT) == SpectrogramLayout.SUBBANDS;
        float[] values = new float[2 * bins];
        return new LiveFrames(stft, report, false, 2 * bins, 0, 0, (re, im) -> {
            for (int bin = 0; bin < bins; bin++) {
                values[apart ? bin : 2 * bin] = re[bin];
                values[apart ? bins + bin : 2 * bin + 1] = im[bin];
            }
            answer("the spectrogram", values, sink);
        });
    }

    static LiveFrames mel(Stft stft, Report report, MelSetup setup, IterationKernel kernel, Sink sink) {
        int bins = stft.parameters().bins();
        float[] mels = new float[setup.mels()];
        float[] waiting = new float[setup.mels()];
        boolean[] waits = new boolean[1];
        PushedFrames.FrameSink each = (re, im) -> {
            if (setup.dropsLastFrame() && waits[0]) {
                answer("the mel", waiting, sink);
            }
            kernel.magnitude(re, im, re, 0, bins);
            for (int bin = 0; bin < bins; bin++) {
                re[bin] = setup.value().ofBin(re[bin]);
            }
            setup.filters().forward(re, 0, mels, 0);
            setup.apply(mels);
            if (setup.dropsLastFrame()) {
                System.arraycopy(mels, 0, waiting, 0, mels.length);
                waits[0] = true;
            } else {
                answer("the mel", mels, sink);
            }
        };
        int dropped = setup.dropsLastFrame() ? 1 : 0;
        return new LiveFrames(stft, report, true, mels.length, setup.preemphasis(), dropped, each);
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
    public long latency() {
        return stft.parameters().fftSize() + (long) dropped * hopLength();
    }

    @Override
    public int hopLength() {
        return stft.parameters().hopLength();
    }

    @Override
    void samples(float[] values, int offset, int count) {
        frames.push(preemphasis == 0 ? values : emphasized(values, offset, count), offset, count);
    }

    /** What {@link MelOperation#emphasized} does, from push to push. */
    private float[] emphasized(float[] x, int offset, int count) {
        float[] y = new float[offset + count];
        for (int t = offset; t < offset + count; t++) {
            y[t] = begun ? (float) (x[t] - preemphasis * before) : x[t];
            before = x[t];
            begun = true;
        }
        return y;
    }

    /** @throws InvalidInputException {@code SHAPE_MISMATCH} if there was too little for one frame */
    @Override
    Map<String, Object> finish() {
        frames.end();
        return report.audio(-1, frames.length())
                .put("frames", Math.max(Math.min(1, frames.frames()), frames.frames() - dropped))
                .finish();
    }
}
