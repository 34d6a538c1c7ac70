package dev.phasor.phase;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;

/** The functions of NVIDIA's driver that tell what the first device can run, before any kernel runs on it. */
interface CudaDriver extends Library {

    /** CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR and _MINOR. */
    int CAPABILITY_MAJOR = 75;

    int CAPABILITY_MINOR = 76;

    int cuInit(int flags);

    int cuDeviceGetCount(IntByReference count);

    int cuDeviceGet(IntByReference device, int ordinal);

    int cuDeviceGetName(byte[] name, int length, int device);

    int cuDeviceGetAttribute(IntByReference value, int attribute, int device);

    /** @throws UnsatisfiedLinkError if no driver is installed */
    static CudaDriver load() {
        return Native.load("cuda", CudaDriver.class);
    }

    /**
     * The first device.
     *
     * @throws IllegalStateException if there is no device, or the driver fails
     */
    default CudaDevice firstDevice() {
        var value = new IntByReference();
        check("cuInit", cuInit(0));
        check("cuDeviceGetCount", cuDeviceGetCount(value));
        if (value.getValue() == 0) {
            throw new IllegalStateException("there is no CUDA device");
        }
        check("cuDeviceGet", cuDeviceGet(value, 0));
        int device = value.getValue();
        byte[] name = new byte[256];
        check("cuDeviceGetName", cuDeviceGetName(name, name.length, device));
        check("cuDeviceGetAttribute", cuDeviceGetAttribute(value, CAPABILITY_MAJOR, device));
        int major = value.getValue();
        check("cuDeviceGetAttribute", cuDeviceGetAttribute(value, CAPABILITY_MINOR, device));
        return new CudaDevice(Native.toString(name), major, value.getValue());
    }

    private static void check(String function, int status) {
        if (status != 0) {
            throw new IllegalStateException("CUDA's " + function + " failed with status " + status);
        }
    }
}
