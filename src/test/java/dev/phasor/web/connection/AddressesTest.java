package dev.phasor.web.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose an address is. */
class AddressesTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "2001:db8:1:2:3:4:5:6, 20010db800010002",
        "2001:db8:1:2::, 20010db800010002",
        "::1, 0000000000000000",
        "unknown, unknown",
        "no:address, no:address"
    })
    void anIpv6AddressIsItsNetworks(String address, String network) {
        assertThat(Addresses.network(address)).isEqualTo(network);
    }
}
