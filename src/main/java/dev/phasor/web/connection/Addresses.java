package dev.phasor.web.connection;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;

/** Names a client by its network address. */
public final class Addresses {

    private static final int IPV4_BYTES = 4;
    private static final int NETWORK_BYTES = 8;

    private Addresses() {}

    /** An IPv4 address, or the first 64 bits of an IPv6 address: its owner is free to choose the other 64 bits. */
    public static String network(String address) {
        if (!address.contains(":")) {
            return address;
        }
        try {
            // A text with a colon is an address, so getByName asks no name server.
            byte[] bytes = InetAddress.getByName(address).getAddress();
            return bytes.length == IPV4_BYTES ? address : HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES);
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
