package dev.phasor.device;

import java.nio.ByteBuffer;

/**
 * The calls of one device's driver that computations make. Each throws
 * {@link dev.phasor.reconstruction.AcceleratorFailure} where the driver reports an error. Thread-safe, but for what
 * belongs to one queue.
 */
interface Binding {

    /** Compiles a program. */
    long build(String source, String options);

    /** A kernel of a program, with arguments of its own. */
    long kernel(long program, String name);

    void releaseKernel(long kernel);

    /** A buffer of the device's memory. */
    long allocate(long bytes);

    void release(long buffer);

    /** A queue of commands, which run in order. */
    long openQueue();

    void closeQueue(long queue);

    /** Memory of the host that the device reaches by itself. */
    Pinned pin(long queue, int bytes);

    void unpin(long queue, Pinned pinned);

    /** Starts a copy to the device. @return what to {@link #await} before {@code from} is changed */
    long write(long queue, ByteBuffer from, long buffer, long offset);

    /** Copies from the device, and waits for it. */
    void read(long queue, long buffer, long offset, ByteBuffer to);

    void copy(long queue, long from, long to, long bytes);

    /** Sets all bytes to 0. */
    void clear(long queue, long buffer, long bytes);

    /** Waits for a command, and releases it. */
    void await(long command);

    /**
     * Starts a kernel.
     *
     * @param arguments buffers as {@code Long}, numbers as {@code Integer}, {@code Float} and {@code Double}
     * @param global work items in each dimension, a multiple of {@code local}
     */
    void launch(long queue, long kernel, Object[] arguments, long[] global, long[] local);

    /** Hands what was started to the device. */
    void flush(long queue);

    /** Waits until everything that was started has ended. */
    void finish(long queue);

    /**
     * @param buffer the driver's handle
     * @param bytes the memory
     */
    record Pinned(long buffer, ByteBuffer bytes) {}
}
