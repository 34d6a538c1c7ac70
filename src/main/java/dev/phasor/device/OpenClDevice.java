package dev.phasor.device;

import static org.lwjgl.opencl.CL10.*;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lwjgl.BufferUtils;
import org.lwjgl.PointerBuffer;
import org.lwjgl.opencl.CL;
import org.lwjgl.opencl.CLCapabilities;
import org.lwjgl.system.Configuration;
import org.lwjgl.system.MemoryStack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A device that an OpenCL driver has.
 *
 * @param id the driver's handle, as is {@code platform}
 * @param kind gpu, cpu or other
 * @param driver the platform's name and the driver's version
 * @param memory bytes of its memory
 * @param largest bytes of the largest buffer
 * @param local bytes of local memory of a work group
 * @param groupSize the most work items of a work group
 * @param unusable null, or why its driver cannot run the kernels
 */
record OpenClDevice(
        long platform,
        long id,
        String name,
        String kind,
        String driver,
        long memory,
        long largest,
        long local,
        long groupSize,
        @Nullable String unusable) {

    private static final Logger log = LoggerFactory.getLogger(OpenClDevice.class);

    static {
        // A machine without the developers' files has the loader by this name alone.
        if (Configuration.OPENCL_LIBRARY_NAME.get() == null) {
            Configuration.OPENCL_LIBRARY_NAME.set("libOpenCL.so.1");
        }
        // That there is no loader is told in the service's own log.
        Configuration.DEBUG_STREAM.set(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        DriverEnvironment.prepare();
    }

    /**
     * All devices of all drivers that work.
     *
     * @throws LinkageError if there is no loader of drivers, libOpenCL.so.1
     */
    static List<OpenClDevice> all() {
        List<OpenClDevice> devices = new ArrayList<>();
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer count = stack.mallocInt(1);
            if (clGetPlatformIDs(null, count) != CL_SUCCESS || count.get(0) == 0) {
                return devices;
            }
            PointerBuffer platforms = stack.mallocPointer(count.get(0));
            clGetPlatformIDs(platforms, (IntBuffer) null);
            for (int i = 0; i < platforms.capacity(); i++) {
                try {
                    ofPlatform(platforms.get(i), devices);
                } catch (RuntimeException e) {
                    // LWJGL throws no other: pocl fails so where the home cannot be written, and has no devices then.
                    log.warn("a driver of OpenCL does not say what it can, and is passed over: {}", e.getMessage());
                }
            }
        }
        return devices;
    }

    private static void ofPlatform(long platform, List<OpenClDevice> devices) {
        CLCapabilities capabilities = CL.createPlatformCapabilities(platform);
        try (MemoryStack stack = MemoryStack.stackPush()) {
            IntBuffer count = stack.mallocInt(1);
            if (clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, null, count) != CL_SUCCESS || count.get(0) == 0) {
                return;
            }
            PointerBuffer ids = stack.mallocPointer(count.get(0));
            clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, ids, (IntBuffer) null);
            for (int i = 0; i < ids.capacity(); i++) {
                CL.createDeviceCapabilities(ids.get(i), capabilities);
                devices.add(of(platform, ids.get(i)));
            }
        }
    }

    private static OpenClDevice of(long platform, long id) {
        long type = number(id, CL_DEVICE_TYPE);
        String kind = (type & CL_DEVICE_TYPE_GPU) != 0 ? "gpu" : (type & CL_DEVICE_TYPE_CPU) != 0 ? "cpu" : "other";
        long size = number(id, CL_DEVICE_MAX_WORK_GROUP_SIZE);
        long local = number(id, CL_DEVICE_LOCAL_MEM_SIZE);
        String unusable = null;
        if (!text(id, CL_DEVICE_EXTENSIONS).contains("cl_khr_fp64")) {
            unusable = "it does not compute in double precision";
        } else if (number(id, CL_DEVICE_AVAILABLE) == 0) {
            unusable = "its driver says that it is not available";
        } else if (size < FrameSize.MOST_THREADS || local < FrameSize.LOCAL_BYTES) {
            unusable = "its work groups have " + size + " work items and " + local
                    + " bytes of local memory, less than " + FrameSize.MOST_THREADS + " and " + FrameSize.LOCAL_BYTES;
        }
        return new OpenClDevice(
                platform,
                id,
                text(id, CL_DEVICE_NAME),
                kind,
                platformName(platform) + " " + text(id, CL_DRIVER_VERSION),
                number(id, CL_DEVICE_GLOBAL_MEM_SIZE),
                number(id, CL_DEVICE_MAX_MEM_ALLOC_SIZE),
                local,
                size,
                unusable);
    }

    /** A value of 4 or 8 bytes. */
    private static long number(long id, int what) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            ByteBuffer value = stack.calloc(8);
            PointerBuffer size = stack.mallocPointer(1);
            clGetDeviceInfo(id, what, value, size);
            return size.get(0) == 4 ? Integer.toUnsignedLong(value.getInt(0)) : value.getLong(0);
        }
    }

    private static String text(long id, int what) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer size = stack.mallocPointer(1);
            clGetDeviceInfo(id, what, (ByteBuffer) null, size);
            ByteBuffer value = BufferUtils.createByteBuffer((int) size.get(0));
            clGetDeviceInfo(id, what, value, null);
            return text(value);
        }
    }

    private static String platformName(long platform) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer size = stack.mallocPointer(1);
            clGetPlatformInfo(platform, CL_PLATFORM_NAME, (ByteBuffer) null, size);
            ByteBuffer value = BufferUtils.createByteBuffer((int) size.get(0));
            clGetPlatformInfo(platform, CL_PLATFORM_NAME, value, null);
            return text(value);
        }
    }

    /** The text before the first 0. */
    static String text(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return (end < 0 ? text : text.substring(0, end)).strip();
    }
}
