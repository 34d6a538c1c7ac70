// The safe phase and its pullback, value by value, in double, where no square, product or quotient of floats leaves the
// range: the host's SafeAtan2, with its special cases, by the same operations in the same order.

#pragma OPENCL FP_CONTRACT OFF

// phase = atan2(im, re), rounded once: C99's special cases are IEEE 754's, and the host's.
kernel void angle(global const float *re, global const float *im, int count, global float *phase) {
    int i = get_global_id(0);
    if (i < count) {
        phase[i] = (float)atan2((double)im[i], (double)re[i]);
    }
}

// Rounds to float; beyond the largest one it is that, and counted. NaN stays NaN.
static inline float saturate(double component, int *saturated) {
    if (fabs(component) > FLT_MAX) {
        *saturated += 1;
        return component > 0 ? FLT_MAX : -FLT_MAX;
    }
    return (float)component;
}

// (dRe, dIm) = g (-im, re) / d with r^2 = re^2 + im^2 and d = max(r^2 + added, least), infinite where r^2 < cut. What is
// not finite becomes NaN. saturated: components that were limited, two a value at most; whole numbers have no order.
kernel void angle_vjp(
        global const float *re, global const float *im, global const float *cotangent, int count, double added,
        double least, double cut, global float *dRe, global float *dIm, global uint *saturated) {
    int i = get_global_id(0);
    if (i >= count) {
        return;
    }
    double x = re[i];
    double y = im[i];
    double g = cotangent[i];
    double square = x * x + y * y;
    double d = square < cut ? INFINITY : fmax(square + added, least);
    double scale = g / (d + (0 * y + 0 * x + 0 * g));
    int over = 0;
    dRe[i] = saturate(-y * scale, &over);
    dIm[i] = saturate(x * scale, &over);
    if (over > 0) {
        atomic_add(saturated, (uint)over);
    }
}
