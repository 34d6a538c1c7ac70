package dev.phasor.phase;

/** Whether the vector kernel's class can be loaded. */
final class VectorModule {

    private VectorModule() {}

    static boolean isPresent() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }
}
