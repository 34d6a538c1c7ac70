package dev.phasor.web.connection;

import static dev.phasor.Bytes.deflate;
import static dev.phasor.Bytes.gzip;
import static dev.phasor.Bytes.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a compressed body is does not depend on when its bytes come, and what is none is refused. */
class BodyCodingTest {

    private static final byte[] HELLO = "hello, hello, hello".getBytes(StandardCharsets.UTF_8);

    @Test
    void membersAreOneBodyWhereverTheyAreCut() throws IOException {
        byte[] members = join(gzip(HELLO), gzip(new byte[0]), gzip(HELLO));

        for (int cut = 0; cut <= members.length; cut++) {
            InputStream pieces = new SequenceInputStream(
                    new ByteArrayInputStream(members, 0, cut),
                    new ByteArrayInputStream(members, cut, members.length - cut));
            assertThat(decoded(BodyCoding.GZIP, pieces)).as("cut at " + cut).isEqualTo(join(HELLO, HELLO));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void membersAreOneBodyHoweverSlowlyTheyCome(int atOnce) throws IOException {
        byte[] members = join(gzip(HELLO), gzip(HELLO));

        assertThat(decoded(BodyCoding.GZIP, slowly(members, atOnce))).isEqualTo(join(HELLO, HELLO));
        assertThat(decoded(BodyCoding.DEFLATE, slowly(deflate(HELLO), atOnce))).isEqualTo(HELLO);
    }

    @Test
    void aHundredThousandEmptyMembersAreNothing() throws IOException {
        byte[][] members = new byte[100_000][];
        Arrays.fill(members, gzip(new byte[0]));

        assertThat(decoded(BodyCoding.GZIP, new ByteArrayInputStream(join(members))))
                .isEmpty();
    }

    /** A name, or a comment, that has no end: it is given up long before the heap is. */
    @ParameterizedTest
    @ValueSource(ints = {0x08, 0x10, 0x18})
    void aHeaderWithoutAnEndIsGivenUp(int flags) {
        long[] read = new long[1];
        InputStream endless = new InputStream() {
            private final byte[] head = {0x1f, (byte) 0x8b, 8, (byte) flags, 0, 0, 0, 0, 0, 0};

            @Override
            public int read() {
                return read[0] < head.length ? head[(int) read[0]++] & 0xff : 'x' + (int) (read[0]++ & 0);
            }
        };

        assertThatThrownBy(() -> decoded(BodyCoding.GZIP, endless)).hasMessageContaining("at most 16384 bytes");
        assertThat(read[0]).isLessThan(1 << 18);
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "DEFLATE"})
    void everyCutIsSeen(BodyCoding coding) throws IOException {
        byte[] whole = encoded(coding, HELLO);

        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> decoded(coding, new ByteArrayInputStream(cut)))
                    .as("cut to " + length)
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "DEFLATE"})
    void everyBitOfTheChecksumCounts(BodyCoding coding) throws IOException {
        byte[] whole = encoded(coding, HELLO);
        int trailer = coding == BodyCoding.GZIP ? 8 : 4;

        for (int bit = 0; bit < 8 * trailer; bit++) {
            byte[] wrong = whole.clone();
            wrong[wrong.length - 1 - bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> decoded(coding, new ByteArrayInputStream(wrong)))
                    .as("bit " + bit)
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "DEFLATE"})
    void whatFollowsTheEndIsRefused(BodyCoding coding) throws IOException {
        for (byte[] more : new byte[][] {{0}, {0x1f}, {0x1f, (byte) 0x8b}, HELLO, new byte[100_000]}) {
            byte[] body = join(encoded(coding, HELLO), more);
            for (int atOnce : new int[] {1, body.length}) {
                assertThatThrownBy(() -> decoded(coding, slowly(body, atOnce))).isInstanceOf(IOException.class);
            }
        }
    }

    /** Whatever a byte of a header is changed to, it is the body or an IOException. */
    @Test
    void noHeaderIsMoreThanWrong() throws IOException {
        byte[] whole = gzip(HELLO);

        for (int place = 0; place < 10; place++) {
            for (int value = 0; value < 256; value++) {
                byte[] changed = whole.clone();
                changed[place] = (byte) value;
                Throwable thrown =
                        catchThrowable(() -> assertThat(decoded(BodyCoding.GZIP, new ByteArrayInputStream(changed)))
                                .isEqualTo(HELLO));
                assertThat(thrown == null || thrown instanceof IOException)
                        .as(place + " is " + value + ": " + thrown)
                        .isTrue();
            }
        }
    }

    private static byte[] decoded(BodyCoding coding, InputStream in) throws IOException {
        try (InputStream decoded = coding.decode(in)) {
            return decoded.readAllBytes();
        }
    }

    /** As from a connection that has nothing more just now, each time. */
    private static InputStream slowly(byte[] bytes, int atOnce) {
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] buffer, int offset, int count) throws IOException {
                return super.read(buffer, offset, Math.min(atOnce, count));
            }

            @Override
            public int available() {
                return 0;
            }
        };
    }

    private static byte[] encoded(BodyCoding coding, byte[] bytes) throws IOException {
        return coding == BodyCoding.GZIP ? gzip(bytes) : deflate(bytes);
    }
}
