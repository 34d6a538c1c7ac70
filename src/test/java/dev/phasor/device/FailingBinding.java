package dev.phasor.device;

import dev.phasor.reconstruction.AcceleratorFailure;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A device's calls, of which one fails, and from then on all that compute: as a lost device answers. */
final class FailingBinding implements Binding {

    private final Binding device;
    private int left = Integer.MAX_VALUE;
    private int calls;
    private long buffers;
    private final Map<Long, Long> held = new ConcurrentHashMap<>();
    private long most;
    private long largest;
    private final Set<Long> closed = ConcurrentHashMap.newKeySet();
    private int late;

    FailingBinding(Binding device) {
        this.device = device;
    }

    /** The device is lost after this many calls. */
    void failAfter(int calls) {
        left = calls;
    }

    void recover() {
        left = Integer.MAX_VALUE;
    }

    int calls() {
        return calls;
    }

    /** Copies to a queue that was closed. */
    int late() {
        return late;
    }

    /** Buffers that are not released. */
    long buffers() {
        return buffers;
    }

    /** The most bytes that were held at once. */
    long mostBytes() {
        return most;
    }

    /** Bytes of the largest buffer. */
    long largest() {
        return largest;
    }

    void forgetMost() {
        most = 0;
        largest = 0;
    }

    private void call(String name) {
        calls++;
        if (left == 0) {
            throw new AcceleratorFailure(name + " failed with status -5, the device is out of resources or lost");
        }
        left--;
    }

    @Override
    public long build(String source, String options) {
        call("clBuildProgram");
        return device.build(source, options);
    }

    @Override
    public long kernel(long program, String name) {
        call("clCreateKernel");
        return device.kernel(program, name);
    }

    @Override
    public void releaseKernel(long kernel) {
        device.releaseKernel(kernel);
    }

    @Override
    public long allocate(long bytes) {
        call("clCreateBuffer");
        buffers++;
        long buffer = device.allocate(bytes);
        held.put(buffer, bytes);
        most = Math.max(most, held.values().stream().mapToLong(i -> i).sum());
        largest = Math.max(largest, bytes);
        return buffer;
    }

    @Override
    public void release(long buffer) {
        buffers--;
        held.remove(buffer);
        device.release(buffer);
    }

    @Override
    public long openQueue() {
        call("clCreateCommandQueue");
        long queue = device.openQueue();
        closed.remove(queue);
        return queue;
    }

    @Override
    public void closeQueue(long queue) {
        closed.add(queue);
        device.closeQueue(queue);
    }

    @Override
    public Pinned pin(long queue, int bytes) {
        call("clEnqueueMapBuffer");
        return device.pin(queue, bytes);
    }

    @Override
    public void unpin(long queue, Pinned pinned) {
        device.unpin(queue, pinned);
    }

    @Override
    public long write(long queue, ByteBuffer from, long buffer, long offset) {
        late += closed.contains(queue) ? 1 : 0;
        call("clEnqueueWriteBuffer");
        return device.write(queue, from, buffer, offset);
    }

    @Override
    public void read(long queue, long buffer, long offset, ByteBuffer to) {
        call("clEnqueueReadBuffer");
        device.read(queue, buffer, offset, to);
    }

    @Override
    public void copy(long queue, long from, long to, long bytes) {
        call("clEnqueueCopyBuffer");
        device.copy(queue, from, to, bytes);
    }

    @Override
    public void clear(long queue, long buffer, long bytes) {
        call("clEnqueueFillBuffer");
        device.clear(queue, buffer, bytes);
    }

    @Override
    public void await(long command) {
        device.await(command);
        call("clWaitForEvents");
    }

    @Override
    public void launch(long queue, long kernel, Object[] arguments, long[] global, long[] local) {
        call("clEnqueueNDRangeKernel");
        device.launch(queue, kernel, arguments, global, local);
    }

    @Override
    public void flush(long queue) {
        call("clFlush");
        device.flush(queue);
    }

    @Override
    public void finish(long queue) {
        call("clFinish");
        device.finish(queue);
    }
}
