// One pass over frames: gather, window, real DFT, step, inverse, window. It is compiled once for each step.
// FORWARD: whether frames of the signal are transformed first; INVERSE: whether the step's bins are transformed back.
// MEASURE: whether the squared error of the magnitudes is added to a frame's error before the step; SUMMED: whether
// there is an error, the step's or this.
// A work group does GROUP frames, W work items each. The even and the odd of N samples are one complex DFT of M:
// X[k] = E + root[k] O, X[M - k] = conj(E - root[k] O), E = (Z[k] + conj Z[M - k])/2, O = (Z[k] - conj Z[M - k])/2i.

kernel __attribute__((reqd_work_group_size(GROUP * W, 1, 1)))
void FRAMES(
        global const float *signal, int length, int pad, int padMode, int hop, int frames,
        global const float *window, global const float *inverseWindow, global const float2 *root,
        global const float2 *turns,
        global const float *magnitude, global const float2 *known, int hasKnown,
        global float2 *y, global float *phase, int flag, float relaxation,
        global float *errors, global float *windowed) {
    local float2 points[GROUP * M];
#if SUMMED
    local float partial[GROUP * W];
#endif
    int t = get_local_id(0) % W;
    int inGroup = get_local_id(0) / W;
    size_t item = get_group_id(1);
    int frame = get_group_id(0) * GROUP + inGroup;
    bool real = frame < frames;
    local float2 *z = points + inGroup * M;
    size_t row = item * frames + (real ? frame : 0);
    float error = 0;

    float2 v[PER][8];
#if FORWARD
    {
        global const float *x = signal + item * length;
        global const float2 *shape = (global const float2 *)window;
        long start = (long)frame * hop - pad;
        bool inside = start >= 0 && start + N <= length;
#pragma unroll
        for (int b = 0; b < PER; b++) {
#pragma unroll
            for (int i = 0; i < 8; i++) {
                int n = t + b * W + i * EIGHTH;
                float2 pair = 0;
                if (real && inside) {
                    pair = (float2)(x[start + 2 * n], x[start + 2 * n + 1]);
                } else if (real) {
                    pair.x = sample(x, start + 2 * n, length, padMode);
                    pair.y = sample(x, start + 2 * n + 1, length, padMode);
                }
                v[b][i] = pair * shape[n];
            }
        }
        fft(z, t, 1, turns, v);
        barrier(CLK_LOCAL_MEM_FENCE);
        keep(z, t, v);
        barrier(CLK_LOCAL_MEM_FENCE);
    }
#endif

    for (int k = t; k <= M / 2; k += W) {
        int mirror = M - k;
        size_t at = row * (M + 1) + k;
        size_t mirrorAt = row * (M + 1) + mirror;
        float2 w = root[k];
        float2 low = 0;
        float2 high = 0;
#if FORWARD
        {
            float2 a = z[place(k)];
            float2 b = z[place(mirror & (M - 1))];
            float2 even = 0.5f * (float2)(a.x + b.x, a.y - b.y);
            float2 odd = 0.5f * (float2)(a.y + b.y, b.x - a.x);
            float2 turned = times(odd, w);
            low = even + turned;
            high = (float2)(even.x - turned.x, turned.y - even.y);
            if (k == 0) {
                low.y = 0;
                high.y = 0;
            }
        }
#endif
        if (real) {
            float m = magnitude[at];
#if MEASURE
            float d = sqrt(low.x * low.x + low.y * low.y) - m;
            error += d * d;
#endif
            low = STEP(STEP_ARGUMENTS(low, m, at));
            if (mirror != k) {
                m = magnitude[mirrorAt];
#if MEASURE
                d = sqrt(high.x * high.x + high.y * high.y) - m;
                error += d * d;
#endif
                high = STEP(STEP_ARGUMENTS(high, m, mirrorAt));
            } else {
                high = low;
            }
        }
#if INVERSE
        if (k == 0) {
            z[place(0)] = 0.5f * (float2)(low.x + high.x, low.x - high.x);
        } else {
            float2 even = 0.5f * (float2)(low.x + high.x, low.y - high.y);
            float2 odd = times(0.5f * (float2)(low.x - high.x, low.y + high.y), (float2)(w.x, -w.y));
            z[place(k)] = (float2)(even.x - odd.y, even.y + odd.x);
            z[place(mirror)] = (float2)(even.x + odd.y, odd.x - even.y);
        }
#endif
    }

#if SUMMED
    // Eight parts at a time, in a fixed order.
    partial[get_local_id(0)] = error;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int width = W; width > 1;) {
        int parts = width > 8 ? width / 8 : 1;
        if (t < parts) {
            for (int i = t + parts; i < width; i += parts) {
                partial[get_local_id(0)] += partial[get_local_id(0) - t + i];
            }
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        width = parts;
    }
    if (t == 0 && real) {
        errors[row] = partial[get_local_id(0)];
    }
#endif

#if INVERSE
    barrier(CLK_LOCAL_MEM_FENCE);
    fetch(z, t, v);
    barrier(CLK_LOCAL_MEM_FENCE);
    fft(z, t, -1, turns, v);
    if (real) {
        global float2 *out = (global float2 *)windowed + row * M;
        global const float2 *shape = (global const float2 *)inverseWindow;
#pragma unroll
        for (int b = 0; b < PER; b++) {
#pragma unroll
            for (int i = 0; i < 8; i++) {
                int n = t + b * W + i * EIGHTH;
                out[n] = v[b][i] * shape[n];
            }
        }
    }
#endif
}
