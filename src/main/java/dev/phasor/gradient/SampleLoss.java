package dev.phasor.gradient;

import dev.phasor.signal.Ranges;

/** The mean over the samples of the squared or absolute difference. */
enum SampleLoss implements ItemLoss {
    SQUARED {
        @Override
        double value(double difference) {
            return difference * difference;
        }

        @Override
        double derivative(double difference) {
            return 2 * difference;
        }
    },
    ABSOLUTE {
        @Override
        double value(double difference) {
            return Math.abs(difference);
        }

        @Override
        double derivative(double difference) {
            return Math.signum(difference);
        }
    };

    abstract double value(double difference);

    abstract double derivative(double difference);

    @Override
    public Evaluation evaluate(float[] estimate, float[] target, Saturation saturation) {
        int n = estimate.length;
        double[] sum = new double[1];
        double[] gradient = new double[n];
        Ranges.inOrder(n, (from, to) -> {
            double part = 0;
            for (int i = from; i < to; i++) {
                double difference = (double) estimate[i] - target[i];
                part += value(difference);
                gradient[i] = derivative(difference) / n;
            }
            sum[0] += part;
        });
        return new Evaluation(sum[0] / n, gradient);
    }
}
