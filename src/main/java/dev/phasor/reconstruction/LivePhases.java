package dev.phasor.reconstruction;

import dev.phasor.phase.Angles;
import dev.phasor.stft.FrameSynthesis;
import dev.phasor.stft.SlidingFrames.SampleSink;
import dev.phasor.stft.Stft;
import dev.phasor.stft.TransformCost;
import java.util.ArrayDeque;
import java.util.Queue;

/** A {@link PhaseStream}, and the inverse of its magnitudes with its phases. */
final class LivePhases implements LiveReconstructor {

    private final PhaseStream phases;
    private final FrameSynthesis synthesis;
    /** The magnitudes of the frames whose phases are not yet known. */
    private final Queue<float[]> waiting = new ArrayDeque<>();

    private final float[] re;
    private final float[] im;
    private long frames;

    LivePhases(PhaseStream phases, Stft stft, long limit, SampleSink sink) {
        this.phases = phases;
        synthesis = new FrameSynthesis(stft, limit, sink);
        re = new float[stft.parameters().bins()];
        im = new float[re.length];
    }

    /** Bytes beside the phases: the synthesis, and of so many frames those that wait. */
    static long bytes(TransformCost transform, ReconstructionParameters parameters, int frames) {
        int overlapping = parameters.stft().windowLength() / parameters.stft().hopLength();
        return FrameSynthesis.bytes(transform) + transform.plane(5 + Math.min(frames, overlapping));
    }

    @Override
    public int lookahead() {
        return phases.lookahead();
    }

    @Override
    public long frames() {
        return frames;
    }

    @Override
    public void push(float[] magnitude) {
        frames++;
        waiting.add(magnitude.clone());
        phases.push(magnitude, this::place);
    }

    @Override
    public void end() {
        phases.end(this::place);
        synthesis.end();
    }

    /** M e^(i phase), M scaled by its own power of two. */
    private void place(float[] phase) {
        float[] magnitude = waiting.remove();
        int exponent = MagnitudeTarget.exponent(magnitude);
        double scale = Math.scalb(1.0, -exponent);
        Angles.cosSin(phase, re, im);
        for (int bin = 0; bin < re.length; bin++) {
            float m = (float) (scale * magnitude[bin]);
            re[bin] *= m;
            im[bin] *= m;
        }
        synthesis.push(re, im, exponent);
    }
}
