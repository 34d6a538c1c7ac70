package dev.phasor.compute;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * The regions of G1's heap. An array of half a region or more takes whole ones, and what is left of the last is
 * nobody's: up to as much again as the array.
 */
public final class HeapRegions {

    private static final long HEADER = 16;

    private static final long REGION = region();

    private HeapRegions() {}

    /** How many times its bytes an array takes of the heap. */
    public static double times(long arrayBytes) {
        return times(arrayBytes, REGION);
    }

    static double times(long arrayBytes, long region) {
        long all = arrayBytes + HEADER;
        return region == 0 || all < region / 2 ? 1 : (double) ((all + region - 1) / region) * region / arrayBytes;
    }

    /** 0 where another collector is at work. */
    private static long region() {
        @Nullable HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        return machine != null
                        && Boolean.parseBoolean(machine.getVMOption("UseG1GC").getValue())
                ? Long.parseLong(machine.getVMOption("G1HeapRegionSize").getValue())
                : 0;
    }
}
