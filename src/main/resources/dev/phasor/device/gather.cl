// The samples of a frame: where it reaches beyond the signal, the pad mode continues it.
// padMode: 0 zeros, 1 mirrored at the end samples, 2 the end samples repeated.

static inline float sample(global const float *x, long t, int length, int padMode) {
    if (t >= 0 && t < length) {
        return x[t];
    }
    if (padMode == 0) {
        return 0;
    }
    if (padMode == 2 || length == 1) {
        return x[t < 0 ? 0 : length - 1];
    }
    long period = 2 * ((long)length - 1);
    long phase = t % period;
    phase = phase < 0 ? phase + period : phase;
    return x[phase < length ? phase : period - phase];
}
