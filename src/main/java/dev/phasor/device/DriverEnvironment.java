package dev.phasor.device;

import java.nio.ByteBuffer;
import org.lwjgl.system.JNI;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;
import org.lwjgl.system.SharedLibrary;
import org.lwjgl.system.linux.LinuxLibrary;

/** Variables that drivers read when they are loaded. */
final class DriverEnvironment {

    private DriverEnvironment() {}

    /**
     * Keeps PoCL from taking the signal of integer divisions by zero, which the JVM makes its exceptions of: without
     * it, a division by zero anywhere in this process has some value and throws nothing.
     */
    static void prepare() {
        SharedLibrary libc = new LinuxLibrary("libc.so.6");
        long setenv = libc.getFunctionAddress("setenv");
        try (MemoryStack stack = MemoryStack.stackPush()) {
            ByteBuffer name = stack.ASCII("POCL_SIGFPE_HANDLER");
            ByteBuffer value = stack.ASCII("0");
            JNI.invokePPI(MemoryUtil.memAddress(name), MemoryUtil.memAddress(value), 1, setenv);
        }
    }
}
