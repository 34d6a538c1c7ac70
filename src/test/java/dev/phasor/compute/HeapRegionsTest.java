package dev.phasor.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HeapRegionsTest {

    private static final long REGION = 1 << 20;

    @Test
    void anArrayOfHalfARegionTakesTheWhole() {
        assertThat(HeapRegions.times(REGION / 2 - 17, REGION)).isEqualTo(1);
        assertThat(HeapRegions.times(REGION / 2, REGION)).isEqualTo(2);
        assertThat(HeapRegions.times(REGION, REGION)).isEqualTo(2);
        assertThat(HeapRegions.times(100 * REGION + 1, REGION)).isCloseTo(1.01, within(1e-6));
    }

    @Test
    void otherCollectorsHaveNone() {
        assertThat(HeapRegions.times(REGION, 0)).isEqualTo(1);
    }

    @Test
    void nothingOccupiesNothing() {
        assertThat(HeapRegions.bytes(0)).isZero();
        assertThat(HeapRegions.bytes(100)).isEqualTo(100);
    }
}
