// Sums in double precision, in an order that depends on the lengths alone.

#define THREADS 256

// Sums each row of THREADS parts into its first one, eight at a time. All work items of the group come here, after they
// have written, and wait here until the sums are there.
static inline void add_rows(local double *part, int rows) {
    int t = get_local_id(0);
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int width = THREADS; width > 1;) {
        int parts = width > 8 ? width / 8 : 1;
        if (t < rows * parts) {
            local double *row = part + t / parts * THREADS;
            double sum = row[t % parts];
            for (int i = t % parts + parts; i < width; i += parts) {
                sum += row[i];
            }
            row[t % parts] = sum;
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        width = parts;
    }
}

// out[item] = sum of the item's count values. One work group an item.
kernel __attribute__((reqd_work_group_size(THREADS, 1, 1)))
void sums(global const float *values, int count, global double *out) {
    local double part[THREADS];
    size_t item = get_group_id(1);
    double mine = 0;
    for (int i = get_local_id(0); i < count; i += THREADS) {
        mine += values[item * count + i];
    }
    part[get_local_id(0)] = mine;
    add_rows(part, 1);
    if (get_local_id(0) == 0) {
        out[item] = part[0];
    }
}

// The squares of the item's count values, one sum a work group.
kernel __attribute__((reqd_work_group_size(THREADS, 1, 1)))
void squares(global const float *values, int count, global double *partial) {
    local double part[THREADS];
    size_t item = get_group_id(1);
    double mine = 0;
    for (int i = get_global_id(0); i < count; i += get_global_size(0)) {
        double value = values[item * count + i];
        mine += value * value;
    }
    part[get_local_id(0)] = mine;
    add_rows(part, 1);
    if (get_local_id(0) == 0) {
        partial[item * get_num_groups(0) + get_group_id(0)] = part[0];
    }
}

// out[i] = sum of the i-th row of the work groups' sums, in their order.
kernel void added(global const double *partial, int groups, int count, global double *out) {
    int i = get_global_id(0);
    if (i < count) {
        double sum = 0;
        for (int group = 0; group < groups; group++) {
            sum += partial[(size_t)i * groups + group];
        }
        out[i] = sum;
    }
}
