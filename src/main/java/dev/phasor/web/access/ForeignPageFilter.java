package dev.phasor.web.access;

import static dev.phasor.signal.InvalidInputException.quoted;

import dev.phasor.web.refusal.ProblemCode;
import dev.phasor.web.refusal.ProblemWriter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Protects a service without a key on loopback from web pages of other sites in a local browser. It refuses requests
 * with a foreign {@code Origin}, cross-site posts, and requests to a foreign {@code Host}, whose name resolves to this
 * machine (DNS rebinding). Clients other than browsers send none of them.
 */
final class ForeignPageFilter extends OncePerRequestFilter {

    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?(::1|0:0:0:0:0:0:0:1)]?", Pattern.CASE_INSENSITIVE);
    private static final Pattern PORT = Pattern.compile(":\\d*$");
    private static final Pattern SCHEME = Pattern.compile("^https?://");

    private final AccessSettings settings;
    private final ProblemWriter problems;

    ForeignPageFilter(AccessSettings settings, ProblemWriter problems) {
        this.settings = settings;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        @Nullable String host = request.getHeader(HttpHeaders.HOST);
        @Nullable String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (!isLoopback(request.getLocalAddr())) {
            chain.doFilter(request, response); // the management port may be bound to other addresses
        } else if (host != null && !isOurs(host)) {
            refuse(
                    request,
                    response,
                    "Host must be localhost, 127.0.0.1, [::1] or one of phasor.security.allowed-hosts where the service"
                            + " has no key, got " + quoted(host));
        } else if (origin == null ? isPostFromElsewhere(request) : !isAllowed(origin, host)) {
            refuse(
                    request,
                    response,
                    "a web page must be of this service or of one of phasor.security.allowed-origins where the service"
                            + " has no key, got a request from " + (origin == null ? "another site" : quoted(origin)));
        } else {
            chain.doFilter(request, response);
        }
    }

    private boolean isOurs(String host) {
        String name = PORT.matcher(host).replaceFirst("");
        return name.isEmpty()
                || isLoopback(name)
                || settings.allowedHosts().stream().anyMatch(name::equalsIgnoreCase);
    }

    private static boolean isLoopback(String name) {
        return LOOPBACK.matcher(name).matches();
    }

    /** Whether a browser marks a POST without {@code Origin} as cross-site. */
    private static boolean isPostFromElsewhere(HttpServletRequest request) {
        return request.getMethod().equals("POST") && "cross-site".equals(request.getHeader("Sec-Fetch-Site"));
    }

    private boolean isAllowed(String origin, @Nullable String host) {
        return settings.allowedOrigins().contains("*")
                || settings.allowedOrigins().contains(origin)
                || SCHEME.matcher(origin).replaceFirst("").equalsIgnoreCase(host);
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, String detail) throws IOException {
        problems.write(request, response, ProblemCode.FORBIDDEN, detail);
    }
}
