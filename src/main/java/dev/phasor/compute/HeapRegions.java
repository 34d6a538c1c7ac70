package dev.phasor.compute;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * The regions of G1's heap. An array of half a region or more occupies whole regions, and the rest of the last region
 * stays unused: up to the size of the array itself.
 */
public final class HeapRegions {

    /** HotSpot's header of an array, in bytes, with compressed class pointers. */
    private static final long HEADER = 16;

    private static final long REGION = region();

    private HeapRegions() {}

    /** The heap that an array of so many bytes occupies. */
    public static long bytes(long arrayBytes) {
        return arrayBytes == 0 ? 0 : (long) (arrayBytes * times(arrayBytes));
    }

    /** The heap that an array occupies, as a multiple of its bytes. */
    public static double times(long arrayBytes) {
        return times(arrayBytes, REGION);
    }

    static double times(long arrayBytes, long region) {
        long all = arrayBytes + HEADER;
        return region == 0 || all < region / 2 ? 1 : (double) ((all + region - 1) / region) * region / arrayBytes;
    }

    /** The region size in bytes; 0 with another collector. */
    private static long region() {
        @Nullable HotSpotDiagnosticMXBean machine = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        return machine != null
                        && Boolean.parseBoolean(machine.getVMOption("UseG1GC").getValue())
                ? Long.parseLong(machine.getVMOption("G1HeapRegionSize").getValue())
                : 0;
    }
}
