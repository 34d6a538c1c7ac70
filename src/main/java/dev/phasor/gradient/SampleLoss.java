package dev.phasor.gradient;

/** Mean over the samples of the squared or the absolute difference. */
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
        double sum = 0;
        double[] gradient = new double[n];
        for (int i = 0; i < n; i++) {
            double difference = (double) estimate[i] - target[i];
            sum += value(difference);
            gradient[i] = derivative(difference) / n;
        }
        return new Evaluation(sum / n, gradient);
    }
}
