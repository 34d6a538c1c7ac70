// The complex DFT of M = N/2 points in local memory, by Stockham's passes of radix 4 and a last one of radix 2.
// PER: butterflies of radix 4 that each of the W work items of a frame does in a pass: M/4 = PER * W.
// root[j] = e^(-2 pi i j / N), rounded once. sign is 1 for e^(-2 pi i ...) and -1 for the inverse, unnormalized.

#define M (N / 2)
#define PER (M / 4 / W)

static inline float2 times(float2 a, float2 b) {
    return (float2)(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

static inline float2 rooted(float2 a, global const float2 *root, int at, float sign) {
    float2 w = root[at];
    return times(a, (float2)(w.x, sign * w.y));
}

static inline void radix4(local float2 *z, int t, int size, float sign, global const float2 *root) {
    float2 v[PER][4];
#pragma unroll
    for (int b = 0; b < PER; b++) {
        int j = t + b * W;
        int k = j & (size - 1);
        int step = k * (N / 4 / size);
        float2 a = z[j];
        float2 c = rooted(z[j + M / 4], root, step, sign);
        float2 d = rooted(z[j + M / 2], root, 2 * step, sign);
        float2 e = rooted(z[j + 3 * (M / 4)], root, 3 * step, sign);
        float2 even = a + d;
        float2 odd = a - d;
        float2 sum = c + e;
        float2 turned = sign * (float2)(c.y - e.y, e.x - c.x);
        v[b][0] = even + sum;
        v[b][1] = odd + turned;
        v[b][2] = even - sum;
        v[b][3] = odd - turned;
    }
    barrier(CLK_LOCAL_MEM_FENCE);
#pragma unroll
    for (int b = 0; b < PER; b++) {
        int j = t + b * W;
        int k = j & (size - 1);
        int out = ((j - k) << 2) + k;
        z[out] = v[b][0];
        z[out + size] = v[b][1];
        z[out + 2 * size] = v[b][2];
        z[out + 3 * size] = v[b][3];
    }
    barrier(CLK_LOCAL_MEM_FENCE);
}

static inline void fft(local float2 *z, int t, float sign, global const float2 *root) {
    int size = 1;
    for (; size * 4 <= M; size *= 4) {
        radix4(z, t, size, sign, root);
    }
    if (size < M) {
        for (int j = t; j < M / 2; j += W) {
            float2 a = z[j];
            float2 b = rooted(z[j + M / 2], root, 2 * j, sign);
            z[j] = a + b;
            z[j + M / 2] = a - b;
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
}
