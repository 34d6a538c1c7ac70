package dev.phasor.signal;

/** Checks that the classes of this package share. */
final class Planes {

    private Planes() {}

    /** @throws IllegalArgumentException unless there is one plane of {@code planeSize} values per item */
    static void check(Shape leading, float[][] planes, int planeSize) {
        if (planes.length != leading.count()) {
            throw new IllegalArgumentException(
                    "leading axes " + leading + " need " + leading.count() + " planes, got " + planes.length);
        }
        for (float[] plane : planes) {
            if (plane.length != planeSize) {
                throw new IllegalArgumentException(
                        "every plane must hold " + planeSize + " values, got " + plane.length);
            }
        }
    }
}
