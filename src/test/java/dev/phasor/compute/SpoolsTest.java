package dev.phasor.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** A hundred kilobytes on disk, of which one client may take half of what the others leave; none in memory. */
class SpoolsTest {

    private static final int KB = 1024;

    private final Spools spools = new Spools(
            new Binder(new MapConfigurationPropertySource(
                            Map.of("phasor.stream.max-spool", "100KB", "phasor.stream.memory", "0B")))
                    .bindOrCreate("phasor.stream", StreamLimits.class),
            new ClientLimits(50, 1, 100, 100));

    @Test
    void oneClientLeavesHalfToTheOthers() throws IOException {
        try (Spool first = spools.open("greedy");
                Spool second = spools.open("greedy");
                Spool other = spools.open("another")) {
            first.write(new byte[30 * KB]);
            second.write(new byte[20 * KB]);
            assertThatThrownBy(() -> second.write(new byte[KB]))
                    .isInstanceOf(BusyException.class)
                    .hasMessageContaining("phasor.client.memory-share");
            other.write(new byte[25 * KB]);
            assertThat(spools.onDisk()).isEqualTo(75 * KB);
        }
        assertThat(spools.onDisk()).isZero();
    }

    /** The JDK keeps a native copy of what a thread writes at once. */
    @Test
    void aFileWithoutANameTakesNoNativeMemoryOfItsSize() throws Exception {
        assumeThat(Path.of("/proc/self/fd")).exists();
        byte[] content = new byte[64 << 20];
        FutureTask<Long> taken = new FutureTask<>(() -> {
            long before = nativeBytes();
            try (UnnamedFile file = spools.unnamed(content)) {
                assertThat(file.descriptor()).hasSize(content.length);
                return nativeBytes() - before;
            }
        });
        new Thread(taken).start();
        assertThat(taken.get()).isLessThan(content.length / 2);
    }

    private static long nativeBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }
}
