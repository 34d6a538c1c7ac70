package dev.phasor.web.connection;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** Where the service reaches itself over HTTP. */
public final class OwnPort {

    private final @Nullable InetAddress bound;
    private final Environment environment;

    /** @param environment has the port once the server listens */
    public OwnPort(@Nullable InetAddress bound, Environment environment) {
        this.bound = bound;
        this.environment = environment;
    }

    /**
     * @param scheme http or ws
     * @param path behind the prefix that the service may have
     */
    public URI uri(String scheme, String path, @Nullable String query) {
        int port = environment.getRequiredProperty("local.server.port", Integer.class);
        String prefix = environment.getProperty("server.servlet.context-path", "");
        try {
            return new URI(scheme, null, reached(bound).getHostAddress(), port, prefix + path, query, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("an address and a path are a URI", e);
        }
    }

    /** Where a server that is bound to an address, or to every one, is reached from this machine. */
    public static InetAddress reached(@Nullable InetAddress bound) {
        return bound == null || bound.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bound;
    }
}
