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
 * Refuses what a web page of elsewhere makes a browser send to a service that is there for its own machine and asks for
 * no key: a post from another origin, and a request under a name that its owner lets resolve to this machine (DNS
 * rebinding). Who is no browser sends neither.
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
            chain.doFilter(request, response); // the metrics may be bound to more
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

    /** What browsers say where they name no origin, as of an image. */
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
