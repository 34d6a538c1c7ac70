package dev.phasor.gradient;

import dev.phasor.signal.Ranges;

/**
 * The mean of |v - u| over the mels and frames of a trainer's values v of the estimate and u of the target: the mel
 * loss of J. Kong, J. Kim, J. Bae, "HiFi-GAN", NeurIPS 2020, eq. 4, without its factor of 45. Its public code takes
 * fmax = sample_rate/2 in this loss, where its mels end at 8 kHz.
 *
 * <p>A cell that the trainer clamps is the clamp's value and has no gradient ({@code MelValue.pullBack}), and where v =
 * u, where the distance has no derivative, the gradient is 0. So silence has a gradient of 0.
 */
record MelLoss(MelTransform mel) implements ItemLoss {

    @Override
    public Evaluation evaluate(float[] estimate, float[] target, Saturation saturation) {
        float[] wanted = new float[mel.frames(target.length) * mel.filters().mels()];
        mel.forward(target, wanted);
        mel.apply(wanted);
        MelTransform.Point point = mel.at(estimate, saturation);
        float[] values = point.values();
        int n = values.length;
        double[] sum = new double[1];
        double[] cotangent = new double[n];
        Ranges.inOrder(n, (from, to) -> {
            double part = 0;
            for (int i = from; i < to; i++) {
                double difference = (double) values[i] - wanted[i];
                part += Math.abs(difference);
                cotangent[i] = Math.signum(difference) / n;
            }
            sum[0] += part;
        });
        return new Evaluation(sum[0] / n, point.pullBack(cotangent));
    }
}
