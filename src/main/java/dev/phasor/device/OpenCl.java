package dev.phasor.device;

import static org.lwjgl.opencl.CL10.*;

import dev.phasor.reconstruction.AcceleratorFailure;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import org.lwjgl.BufferUtils;
import org.lwjgl.PointerBuffer;
import org.lwjgl.opencl.CL12;
import org.lwjgl.system.MemoryStack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** OpenCL 1.2 on one device, by LWJGL. Its context lives as long as the process. */
final class OpenCl implements Binding {

    private static final Logger LOG = LoggerFactory.getLogger(OpenCl.class);

    private final OpenClDevice device;
    private final long context;

    /** @throws AcceleratorFailure if the driver makes no context */
    OpenCl(OpenClDevice device) {
        this.device = device;
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer status = stack.mallocInt(1);
            PointerBuffer properties = stack.pointers(CL_CONTEXT_PLATFORM, device.platform(), 0);
            context = clCreateContext(properties, device.id(), null, 0, status);
            check("clCreateContext", status);
        }
    }

    @Override
    public long build(String source, String options) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer status = stack.mallocInt(1);
            long program = clCreateProgramWithSource(context, source, status);
            check("clCreateProgramWithSource", status);
            int built = clBuildProgram(program, device.id(), options, null, 0);
            if (built != CL_SUCCESS) {
                LOG.warn("{} does not compile the kernels ({}): {}", device.name(), options, log(program));
                clReleaseProgram(program);
                throw new AcceleratorFailure("clBuildProgram failed with status " + built);
            }
            return program;
        }
    }

    private String log(long program) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer size = stack.mallocPointer(1);
            if (clGetProgramBuildInfo(program, device.id(), CL_PROGRAM_BUILD_LOG, (ByteBuffer) null, size)
                    != CL_SUCCESS) {
                return "no log";
            }
            ByteBuffer log = BufferUtils.createByteBuffer((int) size.get(0));
            clGetProgramBuildInfo(program, device.id(), CL_PROGRAM_BUILD_LOG, log, null);
            String text = OpenClDevice.text(log);
            return text.substring(0, Math.min(text.length(), 2000));
        }
    }

    @Override
    public long kernel(long program, String name) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer status = stack.mallocInt(1);
            long kernel = clCreateKernel(program, name, status);
            check("clCreateKernel " + name, status);
            return kernel;
        }
    }

    @Override
    public void releaseKernel(long kernel) {
        clReleaseKernel(kernel);
    }

    @Override
    public long allocate(long bytes) {
        return buffer(CL_MEM_READ_WRITE, bytes);
    }

    private long buffer(long flags, long bytes) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer status = stack.mallocInt(1);
            long buffer = clCreateBuffer(context, flags, bytes, status);
            check("clCreateBuffer of " + bytes + " bytes", status);
            return buffer;
        }
    }

    @Override
    public void release(long buffer) {
        clReleaseMemObject(buffer);
    }

    @Override
    public long openQueue() {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer status = stack.mallocInt(1);
            long queue = clCreateCommandQueue(context, device.id(), 0, status);
            check("clCreateCommandQueue", status);
            return queue;
        }
    }

    @Override
    public void closeQueue(long queue) {
        clReleaseCommandQueue(queue);
    }

    @Override
    public Pinned pin(long queue, int bytes) {
        long buffer = buffer(CL_MEM_READ_WRITE | CL_MEM_ALLOC_HOST_PTR, bytes);
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer status = stack.mallocInt(1);
            ByteBuffer mapped = clEnqueueMapBuffer(
                    queue, buffer, true, CL_MAP_READ | CL_MAP_WRITE, 0, bytes, null, null, status, null);
            if (mapped == null || status.get(0) != CL_SUCCESS) {
                clReleaseMemObject(buffer);
                throw new AcceleratorFailure("clEnqueueMapBuffer failed with status " + status.get(0));
            }
            return new Pinned(buffer, mapped);
        }
    }

    @Override
    public void unpin(long queue, Pinned pinned) {
        clEnqueueUnmapMemObject(queue, pinned.buffer(), pinned.bytes(), null, null);
        clFinish(queue);
        clReleaseMemObject(pinned.buffer());
    }

    @Override
    public long write(long queue, ByteBuffer from, long buffer, long offset) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer event = stack.mallocPointer(1);
            check("clEnqueueWriteBuffer", clEnqueueWriteBuffer(queue, buffer, false, offset, from, null, event));
            return event.get(0);
        }
    }

    @Override
    public void read(long queue, long buffer, long offset, ByteBuffer to) {
        check("clEnqueueReadBuffer", clEnqueueReadBuffer(queue, buffer, true, offset, to, null, null));
    }

    @Override
    public void copy(long queue, long from, long to, long bytes) {
        check("clEnqueueCopyBuffer", clEnqueueCopyBuffer(queue, from, to, 0, 0, bytes, null, null));
    }

    @Override
    public void clear(long queue, long buffer, long bytes) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            ByteBuffer zero = stack.calloc(Float.BYTES);
            check("clEnqueueFillBuffer", CL12.clEnqueueFillBuffer(queue, buffer, zero, 0, bytes, null, null));
        }
    }

    @Override
    public void await(long command) {
        int status = clWaitForEvents(command);
        clReleaseEvent(command);
        check("clWaitForEvents", status);
    }

    @Override
    public void launch(long queue, long kernel, Object[] arguments, long[] global, long[] local) {
        for (int i = 0; i < arguments.length; i++) {
            check("clSetKernelArg", set(kernel, i, arguments[i]));
        }
        try (MemoryStack stack = MemoryStack.stackPush()) {
            check(
                    "clEnqueueNDRangeKernel",
                    clEnqueueNDRangeKernel(
                            queue,
                            kernel,
                            global.length,
                            null,
                            stack.pointers(global),
                            stack.pointers(local),
                            null,
                            null));
        }
    }

    private static int set(long kernel, int index, Object argument) {
        if (argument instanceof Long buffer) {
            return clSetKernelArg1p(kernel, index, buffer);
        }
        if (argument instanceof Integer number) {
            return clSetKernelArg1i(kernel, index, number);
        }
        if (argument instanceof Double number) {
            return clSetKernelArg1d(kernel, index, number);
        }
        return clSetKernelArg1f(kernel, index, (Float) argument);
    }

    @Override
    public void flush(long queue) {
        check("clFlush", clFlush(queue));
    }

    @Override
    public void finish(long queue) {
        check("clFinish", clFinish(queue));
    }

    private static void check(String call, IntBuffer status) {
        check(call, status.get(0));
    }

    private static void check(String call, int status) {
        if (status != CL_SUCCESS) {
            throw new AcceleratorFailure(call + " failed with status " + status + meaning(status));
        }
    }

    private static String meaning(int status) {
        return switch (status) {
            case CL_DEVICE_NOT_AVAILABLE -> ", the device is not available";
            case CL_MEM_OBJECT_ALLOCATION_FAILURE -> ", the device is out of memory";
            case CL_OUT_OF_RESOURCES -> ", the device is out of resources or lost";
            case CL_OUT_OF_HOST_MEMORY -> ", the driver is out of memory";
            default -> "";
        };
    }
}
