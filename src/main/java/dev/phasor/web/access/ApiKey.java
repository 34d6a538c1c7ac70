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

/** An API key: its name, its hash, and the rest of its rate and quota. The key itself is not stored. */
public final class ApiKey implements Principal {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");

    /** The SHA-256 of the empty string, the result of hashing a variable that is not set. */
    private static final String OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private final String name;
    private final byte[] hash;
    private final AccessSettings settings;
    private final Bucket requests;
    private final Bucket bytes;

    /**
     * @param hash SHA-256 of the key, in hex
     * @throws IllegalArgumentException if the name or the hash is malformed; the message omits the hash, which may be a
     *     key set by mistake
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
                // Millisecond precision reads the wall clock, which defines midnight.
                .withMillisecondPrecision()
                .build();
    }

    @Override
    public String getName() {
        return name;
    }

    /** In lower-case hex. */
    String hash() {
        return HexFormat.of().formatHex(hash);
    }

    /** Compares the hashes in a time that does not depend on where they differ. */
    boolean hashIs(byte[] other) {
        return MessageDigest.isEqual(hash, other);
    }

    /**
     * Takes one request from the rate.
     *
     * @throws OverQuotaException if the rate is used up
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
     * @throws OverQuotaException if the quota has fewer bytes left
     */
    void takeBytes(long count) {
        ConsumptionProbe probe = bytes.tryConsumeAndReturnRemaining(count);
        if (!probe.isConsumed()) {
            throw new OverQuotaException(
                    ProblemCode.QUOTA_EXCEEDED,
                    "key " + name + " may send and receive "
                            + settings.bytesPerDay().toBytes() + " bytes a day, has " + bytesLeft()
                            + " left, and the request takes " + count + " more",
                    probe.getNanosToWaitForRefill());
        }
    }

    /**
     * Takes bytes of an answer, which may be longer than what the quota has left.
     *
     * @return the bytes taken, at most {@code count}
     * @throws OverQuotaException if the quota has none left
     */
    long takeAnswer(long count) {
        if (count <= 0) {
            return 0;
        }
        takeBytes(1);
        return 1 + takeLeft(count - 1);
    }

    private long takeLeft(long count) {
        return count == 0 ? 0 : bytes.tryConsumeAsMuchAsPossible(count);
    }

    /** Corrects the quota from the bytes taken in advance to the bytes used. Nothing is owed to the next day. */
    void settleBytes(long taken, long used) {
        if (used > taken) {
            takeLeft(used - taken);
        } else if (taken > used) {
            bytes.addTokens(taken - used);
        }
    }

    /** The rest of the day's quota in bytes. */
    public long bytesLeft() {
        return bytes.getAvailableTokens();
    }
}
