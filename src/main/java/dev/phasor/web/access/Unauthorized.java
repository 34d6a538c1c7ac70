package dev.phasor.web.access;

import dev.phasor.web.refusal.ProblemCode;
import dev.phasor.web.refusal.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;

/** Answers 401, with the scheme for keys in {@code WWW-Authenticate}. */
final class Unauthorized implements AuthenticationEntryPoint {

    private static final String CHALLENGE = "Bearer realm=\"phasor\"";

    private final ProblemWriter problems;

    Unauthorized(ProblemWriter problems) {
        this.problems = problems;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        boolean unknown = e instanceof BadCredentialsException;
        response.setHeader(HttpHeaders.WWW_AUTHENTICATE, unknown ? CHALLENGE + ", error=\"invalid_token\"" : CHALLENGE);
        problems.write(
                request,
                response,
                ProblemCode.UNAUTHORIZED,
                unknown ? UnknownKeyException.NOT_OURS : UnknownKeyException.NONE);
    }
}
