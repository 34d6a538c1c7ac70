// Sums in double precision, in an order that depends on the lengths alone. One work group an item.

#define THREADS 256

static inline double total(double mine, local double *part) {
    int t = get_local_id(0);
    part[t] = mine;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int width = THREADS / 2; width > 0; width /= 2) {
        if (t < width) {
            part[t] += part[t + width];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    double sum = part[0];
    barrier(CLK_LOCAL_MEM_FENCE);
    return sum;
}

// out[item] = sum of the item's count values.
kernel __attribute__((reqd_work_group_size(THREADS, 1, 1)))
void sums(global const float *values, int count, global double *out) {
    local double part[THREADS];
    size_t item = get_group_id(1);
    double mine = 0;
    for (int i = get_local_id(0); i < count; i += THREADS) {
        mine += values[item * count + i];
    }
    double sum = total(mine, part);
    if (get_local_id(0) == 0) {
        out[item] = sum;
    }
}

// out[item] = sum of the item's count squares.
kernel __attribute__((reqd_work_group_size(THREADS, 1, 1)))
void squares(global const float *values, int count, global double *out) {
    local double part[THREADS];
    size_t item = get_group_id(1);
    double mine = 0;
    for (int i = get_local_id(0); i < count; i += THREADS) {
        double value = values[item * count + i];
        mine += value * value;
    }
    double sum = total(mine, part);
    if (get_local_id(0) == 0) {
        out[item] = sum;
    }
}
