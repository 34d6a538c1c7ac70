// The real FFT of benchmarks/run in FFTW, single precision, FFTW_MEASURE, one thread; the protocol is that of torch_stages.py.
#include <fftw3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { N = 1024, CACHED = 16, CACHED_REPETITIONS = 100 };

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
    double d = *(const double *)a - *(const double *)b;
    return (d > 0) - (d < 0);
}

static fftwf_plan plan(int frames) {
    int n = N;
    float *x = fftwf_alloc_real((size_t)frames * N);
    fftwf_complex *z = fftwf_alloc_complex((size_t)frames * (N / 2 + 1));
    fftwf_plan made = fftwf_plan_many_dft_r2c(1, &n, frames, x, NULL, 1, N, z, NULL, 1, N / 2 + 1,
                                              FFTW_MEASURE | FFTW_PRESERVE_INPUT);
    for (long i = 0; i < (long)frames * N; i++) {
        x[i] = (float)(i * 7919 % 1000) / 500 - 1;
    }
    return made;
}

static void measure(fftwf_plan transform, int repetitions, double seconds) {
    static double times[100000];
    int count = 0;
    clock_t end = clock() + (clock_t)(CLOCKS_PER_SEC * seconds);
    while (count == 0 || (clock() < end && count < 100000)) {
        double start = now();
        for (int i = 0; i < repetitions; i++) {
            fftwf_execute(transform);
        }
        times[count++] = 1e3 * (now() - start);
    }
    qsort(times, count, sizeof *times, ascending);
    printf("%f\t%f\t-1\t-1\t\n", times[count / 2], times[0]);
}

int main(void) {
    fftwf_plan cached = plan(CACHED);
    char stage[64];
    double seconds;
    while (scanf("%63s %lf", stage, &seconds) == 2) {
        if (!strcmp(stage, "version")) {
            printf("0\t0\t-1\t-1\t%s\n", fftwf_version);
        } else if (!strcmp(stage, "rfft_cached")) {
            measure(cached, CACHED_REPETITIONS, seconds);
        } else {
            printf("-\n");
        }
        fflush(stdout);
    }
    return 0;
}
