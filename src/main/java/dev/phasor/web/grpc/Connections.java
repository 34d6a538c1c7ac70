package dev.phasor.web.grpc;

import dev.phasor.compute.Shares;
import dev.phasor.web.connection.Addresses;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The connections of the gRPC port: one that is too many, in all or of its address beside those of others, is closed at
 * once, as HTTP's are.
 */
final class Connections implements AutoCloseable {

    private final int most;
    private final int share;
    private final Shares addresses = new Shares();
    private final EventLoopGroup acceptor = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoopGroup workers = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
    private int open;

    /** @param share percent of the connections that others leave, for one address */
    Connections(int most, int share) {
        this.most = most;
        this.share = share;
    }

    EventLoopGroup acceptor() {
        return acceptor;
    }

    EventLoopGroup workers() {
        return workers;
    }

    ServerChannel listen() {
        return new Listening();
    }

    private synchronized boolean take(String address) {
        if (open >= most || !addresses.take(address, 1, (long) most * share / 100, most)) {
            return false;
        }
        open++;
        return true;
    }

    private synchronized void give(String address) {
        open--;
        addresses.give(address, 1);
    }

    /** The threads end when the server has. */
    @Override
    public void close() {
        acceptor.shutdownGracefully();
        workers.shutdownGracefully();
    }

    private final class Listening extends NioServerSocketChannel {

        @Override
        protected int doReadMessages(List<Object> accepted) throws Exception {
            int before = accepted.size();
            int read = super.doReadMessages(accepted);
            for (int i = accepted.size() - 1; i >= before; i--) {
                NioSocketChannel connection = (NioSocketChannel) accepted.get(i);
                InetSocketAddress remote = connection.remoteAddress();
                String address = remote == null
                        ? ""
                        : Addresses.network(remote.getAddress().getHostAddress());
                if (take(address)) {
                    connection.closeFuture().addListener(closed -> give(address));
                } else {
                    accepted.remove(i);
                    connection.unsafe().closeForcibly();
                }
            }
            return read;
        }
    }
}
