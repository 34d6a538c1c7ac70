package dev.phasor.web.connection;

import dev.phasor.compute.Shares;
import java.io.IOException;
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
        String network = network(socket);
        long own = connections.keySet().stream()
                .filter(other -> network(other).equals(network))
                .count();
        return own >= Shares.most(most * share / 100, most, all - own);
    }

    /** The client's name as {@link Addresses} has it; that of a connection that was closed meanwhile is empty. */
    private static String network(SocketChannel socket) {
        try {
            return socket.getRemoteAddress() instanceof InetSocketAddress remote
                    ? Addresses.network(remote.getAddress().getHostAddress())
                    : "";
        } catch (IOException e) {
            return "";
        }
    }
}
