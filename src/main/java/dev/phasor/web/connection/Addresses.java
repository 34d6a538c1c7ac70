package dev.phasor.web.connection;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;

/** Who a client is by its address. */
final class Addresses {

    private static final int IPV4_BYTES = 4;
    private static final int NETWORK_BYTES = 8;

    private Addresses() {}

    /** An IPv4 address, or the first half of an IPv6 address: its other half is its owner's to choose. */
    static String network(String address) {
        if (!address.contains(":")) {
            return address;
        }
        try {
            // Nothing is looked up: what has a colon is no name.
            byte[] bytes = InetAddress.getByName(address).getAddress();
            return bytes.length == IPV4_BYTES ? address : HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES);
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
