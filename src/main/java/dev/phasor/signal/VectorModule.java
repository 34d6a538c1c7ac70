package dev.phasor.signal;

/** Whether classes that compute in SIMD lanes can be loaded: {@code --add-modules jdk.incubator.vector}. */
public final class VectorModule {

    private static final boolean PRESENT =
            ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

    private VectorModule() {}

    public static boolean isPresent() {
        return PRESENT;
    }
}
