package dev.phasor.device;

import dev.phasor.signal.Cancellation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One computation on a device: a queue, the kernels and the memory that it uses, all of which its end releases. Copies
 * go through pinned memory in two halves, so that one is filled while the other travels. Several threads may upload;
 * memory is taken by the thread that computes, since others might take it twice. The file is long because whatever asks
 * the queue does so under one lock.
 */
final class Computation implements AutoCloseable {

    private static final int HALF = 1 << 22;

    /** The device is waited for about this often, so that a cancelled computation ends soon. */
    private static final long BETWEEN_LOOKS = 10_000_000;

    private static final int MOST_AHEAD = 64;

    private final Binding binding;
    private final Programs programs;
    private final long queue;
    private final Map<String, Long> kernels = new HashMap<>();
    private final List<DeviceArray> arrays = new ArrayList<>();
    private final Binding.Pinned pinned;
    /** The command that reads each half of the pinned memory; 0 for none. */
    private final long[] travelling = new long[2];
    /** The half that was filled last. */
    private int half;

    private final Cancellation wanted = Cancellation.current();
    private final Thread owner = Thread.currentThread();
    private long held;
    private long most;
    private int ahead = 1;
    private int started;
    private long looked = System.nanoTime();

    Computation(Binding binding, Programs programs) {
        this.binding = binding;
        this.programs = programs;
        queue = binding.openQueue();
        try {
            pinned = binding.pin(queue, 2 * HALF);
        } catch (RuntimeException e) {
            binding.closeQueue(queue);
            throw e;
        }
    }

    Programs programs() {
        return programs;
    }

    /** The most bytes of the device's memory that were held at once. */
    long mostBytes() {
        return most;
    }

    DeviceArray floats(long count) {
        return bytes(Float.BYTES * count);
    }

    /**
     * A new array, whose values are not defined.
     *
     * @throws IllegalStateException in another thread than the one that computes
     */
    synchronized DeviceArray bytes(long count) {
        if (Thread.currentThread() != owner) {
            throw new IllegalStateException("memory is taken by " + owner + ", not by " + Thread.currentThread());
        }
        long bytes = Math.max(Double.BYTES, count);
        DeviceArray array = new DeviceArray(binding.allocate(bytes), bytes);
        arrays.add(array);
        held += bytes;
        most = Math.max(most, held);
        return array;
    }

    DeviceArray zeros(long count) {
        DeviceArray array = floats(count);
        binding.clear(queue, array.handle(), array.bytes());
        return array;
    }

    /** Releases an array before the end. */
    synchronized void release(DeviceArray array) {
        if (arrays.remove(array)) {
            held -= array.bytes();
            binding.release(array.handle());
        }
    }

    DeviceArray of(float[] values) {
        DeviceArray array = floats(values.length);
        upload(values, 1, array, 0);
        return array;
    }

    /** Copies values times a scale into an array from the index {@code at} on. */
    void upload(float[] values, double scale, DeviceArray array, long at) {
        upload(values, 0, values.length, scale, array, at);
    }

    /** {@link #upload(float[], double, DeviceArray, long)} of {@code count} values from {@code first} on. */
    synchronized void upload(float[] values, int first, int count, double scale, DeviceArray array, long at) {
        int most = HALF / Float.BYTES;
        for (int from = 0; from < count; from += most) {
            wanted.check();
            int length = Math.min(most, count - from);
            ByteBuffer part = nextPart(length * Float.BYTES);
            FloatBuffer floats = part.asFloatBuffer();
            if (scale == 1) {
                floats.put(values, first + from, length);
            } else {
                for (int i = 0; i < length; i++) {
                    floats.put(i, (float) (values[first + from + i] * scale));
                }
            }
            travelling[half] = binding.write(queue, part, array.handle(), Float.BYTES * (at + from));
        }
    }

    /** A part of the half that was filled longer ago, once what it held has travelled. */
    private ByteBuffer nextPart(int bytes) {
        half = 1 - half;
        awaitHalf(half);
        return part(half, bytes);
    }

    private void awaitHalf(int which) {
        if (travelling[which] != 0) {
            long command = travelling[which];
            travelling[which] = 0;
            binding.await(command);
        }
    }

    private ByteBuffer part(int which, int bytes) {
        return pinned.bytes()
                .duplicate()
                .position(which * HALF)
                .limit(which * HALF + bytes)
                .slice()
                .order(ByteOrder.nativeOrder());
    }

    synchronized void upload(int[] values, DeviceArray array) {
        ByteBuffer part = nextPart(values.length * Integer.BYTES);
        part.asIntBuffer().put(values);
        travelling[half] = binding.write(queue, part, array.handle(), 0);
    }

    synchronized void upload(float[] values, DeviceArray array) {
        upload(values, 1, array, 0);
    }

    /** Waits for the values of an array from the index {@code at} on. */
    void download(DeviceArray array, long at, float[] values) {
        download(array, at, values, 0, values.length, 1);
    }

    /** {@link #download} of {@code count} values, times a scale, into {@code values} from {@code first} on. */
    synchronized void download(DeviceArray array, long at, float[] values, int first, int count, double scale) {
        int most = HALF / Float.BYTES;
        for (int from = 0; from < count; from += most) {
            wanted.check();
            int length = Math.min(most, count - from);
            ByteBuffer part = part(0, length * Float.BYTES);
            binding.read(queue, array.handle(), Float.BYTES * (at + from), part);
            FloatBuffer floats = part.asFloatBuffer();
            if (scale == 1) {
                floats.get(values, first + from, length);
            } else {
                for (int i = 0; i < length; i++) {
                    values[first + from + i] = (float) (floats.get(i) * scale);
                }
            }
        }
    }

    synchronized void download(DeviceArray array, double[] values) {
        int count = HALF / Double.BYTES;
        for (int from = 0; from < values.length; from += count) {
            int length = Math.min(count, values.length - from);
            ByteBuffer part = part(0, length * Double.BYTES);
            binding.read(queue, array.handle(), (long) Double.BYTES * from, part);
            part.asDoubleBuffer().get(values, from, length);
        }
    }

    /** Waits for the first whole number of an array. */
    synchronized int number(DeviceArray array) {
        ByteBuffer part = part(0, Integer.BYTES);
        binding.read(queue, array.handle(), 0, part);
        return part.getInt(0);
    }

    void copy(DeviceArray from, DeviceArray to) {
        binding.copy(queue, from.handle(), to.handle(), from.bytes());
    }

    /** Starts a kernel; arrays, ints and floats are its arguments. */
    synchronized void launch(long program, String name, long[] global, long[] local, Object... arguments) {
        long kernel = kernels.computeIfAbsent(program + name, key -> binding.kernel(program, name));
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof DeviceArray array) {
                arguments[i] = array.handle();
            }
        }
        long[] whole = new long[global.length];
        for (int i = 0; i < whole.length; i++) {
            whole[i] = (global[i] + local[i] - 1) / local[i] * local[i];
        }
        binding.launch(queue, kernel, arguments, whole, local);
    }

    /**
     * To be called once an iteration: now and then it waits for the device, and ends a cancelled computation.
     *
     * @throws java.util.concurrent.CancellationException if the work is no longer wanted
     */
    void look() {
        wanted.check();
        if (++started < ahead) {
            binding.flush(queue);
            return;
        }
        binding.finish(queue);
        wanted.check();
        long now = System.nanoTime();
        long took = now - looked;
        if (took < BETWEEN_LOOKS) {
            ahead = Math.min(MOST_AHEAD, 2 * ahead);
        } else if (took > 2 * BETWEEN_LOOKS) {
            ahead = Math.max(1, ahead / 2);
        }
        started = 0;
        looked = now;
    }

    /** Waits for the device. */
    void finish() {
        binding.finish(queue);
    }

    @Override
    public synchronized void close() {
        // Whatever a lost device answers: what can be given back is.
        quietly(() -> binding.finish(queue));
        for (int i = 0; i < travelling.length; i++) {
            int each = i;
            quietly(() -> awaitHalf(each));
        }
        kernels.values().forEach(kernel -> quietly(() -> binding.releaseKernel(kernel)));
        arrays.forEach(array -> quietly(() -> binding.release(array.handle())));
        quietly(() -> binding.unpin(queue, pinned));
        quietly(() -> binding.closeQueue(queue));
    }

    private static void quietly(Runnable release) {
        try {
            release.run();
        } catch (dev.phasor.reconstruction.AcceleratorFailure e) {
            // The failure that matters was thrown before.
        }
    }
}
