// The complex DFT of M = N/2 points by Stockham's passes: of radix 8, the last one of radix 8, 4 or 2. Each of the W
// work items of a frame holds the points t + b W + i M/8, b < PER, i < 8, before and after every pass; local memory
// carries them from one pass to the next. sign is 1 for e^(-2 pi i ...) and -1 for the inverse, unnormalized.
// turns: e^(-2 pi i j k / (R size)), [j - 1][k], j < R, k < size, of each pass after the first, rounded once.

// The points stay in registers only where nothing is called.
#define INLINE static inline __attribute__((always_inline))

#define M (N / 2)
#define PER (M / 8 / W)
#define EIGHTH (M / 8)
// The length of the DFTs before the last pass, whose radix is M/LAST.
#define LAST (M > 512 ? 512 : M > 64 ? 64 : 8)

// Where point n lies in local memory: neighbors and points 8, 16, 32 and 64 apart lie in different banks.
INLINE int place(int n) {
    return n ^ (n >> 4 & 7) ^ (n >> 3 & 8);
}

INLINE float2 times(float2 a, float2 b) {
    return (float2)(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x);
}

// z e^(-sign i pi / 2).
INLINE float2 quarter(float2 z, float sign) {
    return sign * (float2)(z.y, -z.x);
}

INLINE void dft2(float2 *a, float2 *b) {
    float2 sum = *a + *b;
    *b = *a - *b;
    *a = sum;
}

INLINE void dft4(float2 *a, float2 *b, float2 *c, float2 *d, float sign) {
    float2 even = *a + *c;
    float2 odd = *a - *c;
    float2 sum = *b + *d;
    float2 turned = quarter(*b - *d, sign);
    *a = even + sum;
    *b = odd + turned;
    *c = even - sum;
    *d = odd - turned;
}

INLINE void dft8(float2 *v, float sign) {
    const float diagonal = 0.70710678f;
    dft4(v, v + 2, v + 4, v + 6, sign);
    dft4(v + 1, v + 3, v + 5, v + 7, sign);
    v[3] = diagonal * (v[3] + quarter(v[3], sign));
    v[5] = quarter(v[5], sign);
    v[7] = diagonal * (quarter(v[7], sign) - v[7]);
    dft2(v, v + 1);
    dft2(v + 2, v + 3);
    dft2(v + 4, v + 5);
    dft2(v + 6, v + 7);
    // Now v[2k] is X[k] and v[2k + 1] is X[k + 4].
    float2 x1 = v[2], x2 = v[4], x3 = v[6], x4 = v[1], x5 = v[3], x6 = v[5];
    v[1] = x1;
    v[2] = x2;
    v[3] = x3;
    v[4] = x4;
    v[5] = x5;
    v[6] = x6;
}

INLINE void fetch(local const float2 *z, int t, float2 v[PER][8]) {
#pragma unroll
    for (int b = 0; b < PER; b++) {
#pragma unroll
        for (int i = 0; i < 8; i++) {
            v[b][i] = z[place(t + b * W + i * EIGHTH)];
        }
    }
}

INLINE void keep(local float2 *z, int t, const float2 v[PER][8]) {
#pragma unroll
    for (int b = 0; b < PER; b++) {
#pragma unroll
        for (int i = 0; i < 8; i++) {
            z[place(t + b * W + i * EIGHTH)] = v[b][i];
        }
    }
}

// A pass of radix 8 that is not the last: each DFT's points go apart by size.
INLINE void pass(local float2 *z, int t, int size, float sign, global const float2 *turns, float2 v[PER][8]) {
#pragma unroll
    for (int b = 0; b < PER; b++) {
        int j = t + b * W;
        int k = j & (size - 1);
        if (size > 1) {
#pragma unroll
            for (int i = 1; i < 8; i++) {
                float2 w = turns[(i - 1) * size + k];
                v[b][i] = times(v[b][i], (float2)(w.x, sign * w.y));
            }
        }
        dft8(v[b], sign);
        int out = 8 * (j - k) + k;
#pragma unroll
        for (int i = 0; i < 8; i++) {
            z[place(out + i * size)] = v[b][i];
        }
    }
}

// The last pass: as many DFTs as eight points hold; the points are in order again.
INLINE void last_pass(int t, float sign, global const float2 *turns, float2 v[PER][8]) {
    const int each = 8 / (M / LAST);
#pragma unroll
    for (int b = 0; b < PER; b++) {
#pragma unroll
        for (int i = each; i < 8; i++) {
            float2 w = turns[(i / each - 1) * LAST + t + b * W + i % each * EIGHTH];
            v[b][i] = times(v[b][i], (float2)(w.x, sign * w.y));
        }
        if (each == 1) {
            dft8(v[b], sign);
        } else if (each == 2) {
            dft4(v[b], v[b] + 2, v[b] + 4, v[b] + 6, sign);
            dft4(v[b] + 1, v[b] + 3, v[b] + 5, v[b] + 7, sign);
        } else {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                dft2(v[b] + i, v[b] + i + 4);
            }
        }
    }
}

// The DFT of the points v, in place. Local memory is written over; whoever read it before has to be waited for.
INLINE void fft(local float2 *z, int t, float sign, global const float2 *turns, float2 v[PER][8]) {
    pass(z, t, 1, sign, turns, v);
    barrier(CLK_LOCAL_MEM_FENCE);
    fetch(z, t, v);
#pragma unroll
    for (int size = 8; size < LAST; size *= 8) {
        barrier(CLK_LOCAL_MEM_FENCE);
        pass(z, t, size, sign, turns, v);
        barrier(CLK_LOCAL_MEM_FENCE);
        fetch(z, t, v);
        turns += 7 * size;
    }
    last_pass(t, sign, turns, v);
}
