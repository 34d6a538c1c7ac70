package dev.phasor.web.access;

import dev.phasor.web.refusal.ProblemCode;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.security.MessageDigest;
import java.security.Principal;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** A key by its name and its hash, and what may still be done with it. The key itself is nowhere. */
public final class ApiKey implements Principal {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");

    /** Whoever hashes a variable that is not set gets this. */
    private static final String OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private final String name;
    private final byte[] hash;
    private final AccessSettings settings;
    private final Bucket requests;
    private final Bucket bytes;

    /**
     * @param hash SHA-256 of the key, in hex
     * @throws IllegalArgumentException for another name or hash; the message does not hold the hash, which may be a key
     *     that was put there by mistake
     */
    ApiKey(String name, String hash, AccessSettings settings, Clock clock) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "phasor.security.keys: a key's name must be 1 to 64 letters, digits, - or _, got " + name);
        }
        if (!SHA_256.matcher(hash.strip()).matches()) {
            throw new IllegalArgumentException("phasor.security.keys." + name
                    + " must be the SHA-256 of the key, 64 hexadecimal digits, got " + hash.length() + " characters");
        }
        if (hash.strip().equalsIgnoreCase(OF_NOTHING)) {
            throw new IllegalArgumentException("phasor.security.keys." + name
                    + " must be the SHA-256 of a key, got that of the empty string: the key was not set when it was"
                    + " hashed");
        }
        this.name = name;
        this.hash = HexFormat.of().parseHex(hash.strip());
        this.settings = settings;
        int rate = settings.requestsPerMinute();
        this.requests = Bucket.builder()
                .addLimit(limit -> limit.capacity(rate).refillGreedy(rate, Duration.ofMinutes(1)))
                .build();
        long quota = settings.bytesPerDay().toBytes();
        this.bytes = Bucket.builder()
                .addLimit(limit -> limit.capacity(quota)
                        .refillIntervallyAligned(
                                quota,
                                Duration.ofDays(1),
                                clock.instant().truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS)))
                // Midnight is the wall clock's.
                .withMillisecondPrecision()
                .build();
    }

    @Override
    public String getName() {
        return name;
    }

    /** In a time that does not depend on where they differ. */
    boolean hashIs(byte[] other) {
        return MessageDigest.isEqual(hash, other);
    }

    /**
     * Takes one request from the rate.
     *
     * @throws OverQuotaException if it has none
     */
    void takeRequest() {
        ConsumptionProbe probe = requests.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            throw new OverQuotaException(
                    ProblemCode.TOO_MANY_REQUESTS,
                    "key " + name + " may make " + settings.requestsPerMinute() + " requests a minute",
                    probe.getNanosToWaitForRefill());
        }
    }

    /**
     * Takes bytes from the day's quota.
     *
     * @throws OverQuotaException if it has not as many
     */
    void takeBytes(long count) {
        ConsumptionProbe probe = bytes.tryConsumeAndReturnRemaining(count);
        if (!probe.isConsumed()) {
            throw new OverQuotaException(
                    ProblemCode.QUOTA_EXCEEDED,
                    "key " + name + " may send and receive "
                            + settings.bytesPerDay().toBytes() + " bytes a day, has " + Math.max(0, bytesLeft())
                            + " left, and the request takes " + count + " more",
                    probe.getNanosToWaitForRefill());
        }
    }

    /** Settles what was taken beforehand with what a request came to; the quota may fall below 0 by it. */
    void settleBytes(long taken, long used) {
        if (used > taken) {
            bytes.consumeIgnoringRateLimits(used - taken);
        } else if (taken > used) {
            bytes.addTokens(taken - used);
        }
    }

    /** What is left of the day's quota, in bytes; negative where the last answer was longer than what was left. */
    public long bytesLeft() {
        return bytes.getAvailableTokens();
    }
}
