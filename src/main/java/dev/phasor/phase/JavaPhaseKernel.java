package dev.phasor.phase;

/** {@link SafeAtan2} in a plain loop: what every JVM can run. */
final class JavaPhaseKernel implements PhaseKernel {

    @Override
    public String name() {
        return "java";
    }

    @Override
    public void angle(float[] re, float[] im, float[] phase) {
        for (int i = 0; i < phase.length; i++) {
            phase[i] = SafeAtan2.angle(im[i], re[i]);
        }
    }

    @Override
    public long angleVjp(
            float[] re, float[] im, float[] cotangent, GradientPolicy policy, double floor, float[] dRe, float[] dIm) {
        long saturated = 0;
        for (int i = 0; i < dRe.length; i++) {
            double scale = SafeAtan2.scale(im[i], re[i], cotangent[i], policy, floor);
            double componentRe = -im[i] * scale;
            double componentIm = re[i] * scale;
            if (SafeAtan2.saturates(componentRe)) {
                saturated++;
            }
            if (SafeAtan2.saturates(componentIm)) {
                saturated++;
            }
            dRe[i] = SafeAtan2.saturate(componentRe);
            dIm[i] = SafeAtan2.saturate(componentIm);
        }
        return saturated;
    }

    @Override
    public void project(float[] re, float[] im, float[] magnitude, float[] outRe, float[] outIm) {
        for (int i = 0; i < outRe.length; i++) {
            double x = re[i];
            double y = im[i];
            double r = Math.sqrt(x * x + y * y);
            outRe[i] = (float) (r > 0 ? magnitude[i] / r * x : magnitude[i]);
            outIm[i] = (float) (r > 0 ? magnitude[i] / r * y : 0);
        }
    }
}
