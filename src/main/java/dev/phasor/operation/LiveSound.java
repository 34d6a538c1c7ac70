package dev.phasor.operation;

import dev.phasor.codec.SpectrogramLayout;
import dev.phasor.mel.MelInverse;
import dev.phasor.mel.Preemphasis;
import dev.phasor.reconstruction.LiveReconstructor;
import dev.phasor.stft.FrameSynthesis;
import dev.phasor.stft.SlidingFrames.SampleSink;
import dev.phasor.stft.Stft;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sound while its frames come: {@link IstftOperation} and {@link ReconstructOperation}, fed; or samples. */
abstract class LiveSound extends LiveOperation {

    private final Stft stft;
    private final Report report;

    /** @param values of a frame that comes; 0 where samples do */
    LiveSound(String what, int values, Stft stft, Report report) {
        super(what, values == 0, Math.max(1, values));
        this.stft = stft;
        this.report = report;
    }

    @Override
    public int valuesOut() {
        return 1;
    }

    @Override
    public boolean answersSamples() {
        return true;
    }

    /** Hops that a frame's first one waits for. */
    int lookahead() {
        return 0;
    }

    @Override
    public long latency() {
        return stft.parameters().fftSize() + (long) lookahead() * hopLength();
    }

    @Override
    public int hopLength() {
        return stft.parameters().hopLength();
    }

    /** Ends the frames, and hands out what is left. */
    abstract long endFrames();

    abstract Delivered delivered();

    @Override
    Map<String, Object> finish() {
        long frames = endFrames();
        return report.put("frames", frames)
                .put("latency_samples", latency())
                .audio(delivered().rate, delivered().samples)
                .peak(delivered().peak)
                .finish();
    }

    /** Counts what is handed out, and undoes a mel's pre-emphasis as {@link Preemphasis#undo} does. */
    static final class Delivered implements SampleSink {

        private final Sink sink;
        private final double emphasis;
        private final int rate;
        private float before;
        private long samples;
        private float peak;

        Delivered(Sink sink, double emphasis, int rate) {
            this.sink = sink;
            this.emphasis = emphasis;
            this.rate = rate;
        }

        @Override
        public void samples(float[] block, int offset, int count) {
            for (int t = offset; t < offset + count; t++) {
                if (emphasis != 0 && samples + t > offset) {
                    block[t] = (float) (block[t] + emphasis * before);
                }
                before = block[t];
                peak = Math.max(peak, Math.abs(before));
            }
            samples += count;
            Finite.samples("the audio", block, offset + count);
            sink.values(block, offset, count);
        }
    }

    static LiveSound istft(Stft stft, Report report, Parameters parameters, Sink sink) {
        int bins = stft.parameters().bins();
        boolean apart = parameters.get(Parameter.LAYOUT) == SpectrogramLayout.SUBBANDS;
        Delivered delivered = new Delivered(sink, 0, Transform.rate(parameters));
        long limit = parameters.find(Parameter.LENGTH).map(Long::valueOf).orElse(Long.MAX_VALUE);
        FrameSynthesis synthesis = new FrameSynthesis(stft, limit, delivered);
        return new LiveSound("a complex spectrogram", 2 * bins, stft, report) {

            private final float[] re = new float[bins];
            private final float[] im = new float[bins];

            @Override
            void frame(float[] values) {
                for (int bin = 0; bin < bins; bin++) {
                    re[bin] = values[apart ? bin : 2 * bin];
                    im[bin] = values[apart ? bins + bin : 2 * bin + 1];
                }
                synthesis.push(re, im);
            }

            @Override
            long endFrames() {
                synthesis.end();
                return synthesis.frames();
            }

            @Override
            Delivered delivered() {
                return delivered;
            }
        };
    }

    /** What makes a reconstructor that hands out to a sink. */
    @FunctionalInterface
    interface Maker {
        LiveReconstructor make(SampleSink sink);
    }

    /** @param setup of the mels that come; null where magnitudes do */
    static LiveSound reconstruct(
            Stft stft, Report report, Parameters parameters, @Nullable MelSetup setup, Maker maker, Sink sink) {
        int bins = stft.parameters().bins();
        double emphasis = setup == null ? 0 : setup.preemphasis();
        Delivered delivered = new Delivered(sink, emphasis, Transform.rate(parameters));
        LiveReconstructor reconstructor = maker.make(delivered);
        MelInverse inverse = setup == null ? null : new MelInverse(setup.filters());
        boolean power = setup == null
                ? parameters.get(Parameter.POWER) == 2
                : setup.value().power() == 2;
        boolean floored = parameters.isSent(Parameter.LOG_FLOOR);
        return new LiveSound(setup == null ? "a magnitude" : "mel", setup == null ? bins : setup.mels(), stft, report) {

            private final float[] magnitude = new float[bins];

            @Override
            boolean isTaken(float value) {
                boolean zero = setup != null && floored && value == Float.NEGATIVE_INFINITY;
                return zero || Float.isFinite(value) && (setup != null || value >= 0);
            }

            @Override
            void frame(float[] values) {
                if (setup == null || inverse == null) {
                    System.arraycopy(values, 0, magnitude, 0, bins);
                } else {
                    float[] mels = values.clone();
                    setup.undo(mels);
                    inverse.solve(mels, magnitude);
                }
                for (int bin = 0; power && bin < bins; bin++) {
                    magnitude[bin] = (float) Math.sqrt(magnitude[bin]);
                }
                reconstructor.push(magnitude);
            }

            @Override
            int lookahead() {
                return reconstructor.lookahead();
            }

            @Override
            long endFrames() {
                reconstructor.end();
                return reconstructor.frames();
            }

            @Override
            Delivered delivered() {
                return delivered;
            }
        };
    }
}
