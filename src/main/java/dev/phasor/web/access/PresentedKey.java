package dev.phasor.web.access;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.AuthenticationConverter;

/** Reads the key of a request: {@code Authorization: Bearer KEY}, else {@code X-API-Key: KEY}. */
final class PresentedKey implements AuthenticationConverter {

    static final String HEADER = "X-API-Key";

    private static final String SCHEME = "Bearer ";

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        return of(request.getHeader(HttpHeaders.AUTHORIZATION), request.getHeader(HEADER));
    }

    /**
     * The key of a call, whichever protocol brought it.
     *
     * @param authorization the value of {@code Authorization}, or null
     * @param header the value of {@code X-API-Key}, or null
     */
    static @Nullable Authentication of(@Nullable String authorization, @Nullable String header) {
        @Nullable
        String key = authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? authorization.substring(SCHEME.length())
                : header;
        return key == null || key.isBlank()
                ? null
                : UsernamePasswordAuthenticationToken.unauthenticated("", key.strip());
    }
}
