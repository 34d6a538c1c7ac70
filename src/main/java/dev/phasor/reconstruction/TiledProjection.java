package dev.phasor.reconstruction;

import dev.phasor.stft.FrameLoop;

/**
 * {@link Projection} of one signal without a mixture, whose forward maps are those of {@link GriffinLim}, to the bit.
 */
final class TiledProjection extends Projection {

    private final FrameLoop loop;
    private final MagnitudeTarget target;

    /** @param magnitude of the problem, scaled by its {@link MagnitudeTarget#exponent} */
    TiledProjection(Problem problem, float[] magnitude) {
        super(problem.stft(), MixtureBins.alone(magnitude), problem.length());
        loop = problem.loop();
        target = MagnitudeTarget.of(problem, loop);
    }

    /** The signal that the iterations start from. */
    float[][] start(float[] phase) {
        float[][] start = newSignals();
        loop.synthesize((tile, re, im) -> target.place(tile, phase, re, im), start[0]);
        return start;
    }

    @Override
    void apply(float[][] signals, float[][] out) {
        loop.resynthesize(signals[0], target::project, out[0]);
    }
}
