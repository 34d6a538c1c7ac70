package dev.phasor.web.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import org.apache.tomcat.util.net.NioEndpoint;

/**
 * Tomcat's endpoint, which closes a new connection at once if its address already holds its share of the connections
 * that other addresses leave.
 */
final class SharedEndpoint extends NioEndpoint {

    private int share = 100;

    /** @param percent of the connections that other addresses leave, for one address */
    void share(int percent) {
        share = percent;
    }

    @Override
    protected boolean setSocketOptions(SocketChannel socket) {
        if (isCrowdedOut(socket)) {
            destroySocket(socket);
            return false;
        }
        return super.setSocketOptions(socket);
    }

    private boolean isCrowdedOut(SocketChannel socket) {
        int all = connections.size();
        long most = getMaxConnections();
        // Below this number no address can hold more than its share, and nothing need be counted.
        if (most < 0 || all < most * share / 100) {
            return false;
        }
        InetAddress address = address(socket);
        long own = connections.keySet().stream()
                .filter(other -> address.equals(address(other)))
                .count();
        return own >= Math.max(1, (most - (all - own)) * share / 100);
    }

    private static InetAddress address(SocketChannel socket) {
        try {
            return socket.getRemoteAddress() instanceof InetSocketAddress remote
                    ? remote.getAddress()
                    : InetAddress.getLoopbackAddress();
        } catch (IOException e) {
            return InetAddress.getLoopbackAddress(); // closed meanwhile: it counts for nobody who matters
        }
    }
}
