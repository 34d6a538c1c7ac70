package dev.phasor.web.access;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;

/** All keys of the settings. Authenticates a presented key. */
public final class ApiKeys implements AuthenticationManager {

    private static final int SECRET_BYTES = 32;

    private final List<ApiKey> keys;
    private final AccessSettings settings;
    private final Clock clock;
    /** The service's own, while it calls itself. */
    private volatile @Nullable ApiKey own;

    /** @throws IllegalArgumentException if a name or a hash is malformed, or two names have one hash */
    ApiKeys(AccessSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.keys = new TreeMap<>(settings.keys())
                .entrySet().stream()
                        .map(entry -> new ApiKey(entry.getKey(), entry.getValue(), settings, clock))
                        .toList();
        if (keys.stream().map(ApiKey::hash).distinct().count() < keys.size()) {
            throw new IllegalArgumentException("phasor.security.keys must differ, got one hash under two names");
        }
    }

    /** The keys in the order of their names. */
    public List<ApiKey> all() {
        return keys;
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** A key that opens the service to itself, under the name {@code warmup}, until it is closed. */
    public final class Own implements AutoCloseable {

        private final String secret;

        private Own() {
            byte[] random = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(random);
            secret = HexFormat.of().formatHex(random);
            byte[] hash = sha256(secret.getBytes(StandardCharsets.ISO_8859_1));
            own = new ApiKey("warmup", HexFormat.of().formatHex(hash), settings.unlimited(), clock);
        }

        /** What is presented. */
        public String secret() {
            return secret;
        }

        @Override
        public void close() {
            own = null;
        }
    }

    /** A new key, in the place of the one before. */
    public Own own() {
        return new Own();
    }

    /**
     * Whether a request is the service's own.
     *
     * @param authorization the value of {@code Authorization}, or null
     */
    public boolean isOwn(@Nullable String authorization) {
        ApiKey ours = own;
        Authentication presented = ours == null ? null : PresentedKey.of(authorization, null);
        return presented != null && requireNonNull(ours).hashIs(sha256(asSent(presented)));
    }

    /**
     * The charge of a call that does not pass the filters.
     *
     * @param authorization the value of {@code Authorization}, or null
     * @param header the value of {@code X-API-Key}, or null
     * @return null if the service has no keys
     * @throws UnknownKeyException if it has, and the call has none of them
     */
    public @Nullable Charge charge(@Nullable String authorization, @Nullable String header) {
        if (isEmpty()) {
            return null;
        }
        Authentication presented = PresentedKey.of(authorization, header);
        if (presented == null) {
            throw new UnknownKeyException(UnknownKeyException.NONE);
        }
        try {
            return new Charge((ApiKey) requireNonNull(authenticate(presented).getPrincipal()));
        } catch (BadCredentialsException e) {
            throw new UnknownKeyException(UnknownKeyException.NOT_OURS);
        }
    }

    /**
     * Compares the presented key with every key, so that the time does not depend on the keys. Tomcat decodes a
     * header's bytes as ISO-8859-1. The key is hashed twice: as the bytes sent, for a client that writes UTF-8, and as
     * the decoded text in UTF-8, for a client that writes ISO-8859-1.
     */
    @Override
    public Authentication authenticate(Authentication presented) {
        byte[] asSent = sha256(asSent(presented));
        byte[] asText = sha256(text(presented).getBytes(StandardCharsets.UTF_8));
        @Nullable ApiKey found = null;
        for (ApiKey key : keys) {
            found = key.hashIs(asSent) | key.hashIs(asText) ? key : found;
        }
        ApiKey ours = own;
        if (ours != null && ours.hashIs(asSent)) {
            found = ours;
        }
        if (found == null) {
            throw new BadCredentialsException(UnknownKeyException.NOT_OURS);
        }
        return UsernamePasswordAuthenticationToken.authenticated(found, null, List.of());
    }

    private static String text(Authentication presented) {
        return String.valueOf(presented.getCredentials());
    }

    private static byte[] asSent(Authentication presented) {
        return text(presented).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] sha256(byte[] key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
