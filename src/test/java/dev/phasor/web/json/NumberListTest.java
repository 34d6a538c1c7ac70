package dev.phasor.web.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.json.JsonMapper;

class NumberListTest {

    /** What is reserved for each byte of JSON: /v1 and /v2 the same. */
    private static final int RESERVED = 5;

    /** The densest list there is has a number in two bytes; 300 MB of it, zipped to 1 MB, once ran the heap out. */
    @Test
    void aListTakesNoMoreMemoryThanIsReservedForIt() {
        byte[] dense = ("[" + "0,".repeat(5_000_000) + "0]").getBytes(StandardCharsets.US_ASCII);
        read(dense);
        var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        long before = thread.getCurrentThreadAllocatedBytes();
        float[] values = read(dense);
        long taken = thread.getCurrentThreadAllocatedBytes() - before;

        assertThat(values).hasSize(5_000_001).containsOnly(0);
        assertThat(taken).isLessThan((long) RESERVED * dense.length);
    }

    @Test
    void theOrderIsKeptAcrossBlocks() {
        StringBuilder text = new StringBuilder("[0");
        for (int i = 1; i < 300_000; i++) {
            text.append(',').append(i);
        }

        float[] values = read(text.append(']').toString().getBytes(StandardCharsets.US_ASCII));

        assertThat(values).hasSize(300_000);
        for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isEqualTo(i);
        }
    }

    private static float[] read(byte[] json) {
        try (JsonParser parser = JsonMapper.shared().createParser(new ByteArrayInputStream(json))) {
            parser.nextToken();
            return NumberList.read(parser, "list").values();
        }
    }
}
