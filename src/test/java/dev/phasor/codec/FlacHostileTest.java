package dev.phasor.codec;

import static dev.phasor.Refused.assertRefused;
import static dev.phasor.codec.FlacBytes.magic;
import static dev.phasor.codec.FlacBytes.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.phasor.Golden;
import dev.phasor.fuzz.Bounded;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FLAC files that lie, one rule broken in each, all checksums right. */
class FlacHostileTest {

    /** 16 samples, mono, 16 bits. */
    private static FlacBytes mono() {
        return FlacBytes.stream(8000, 1, 16, 16);
    }

    /** ...and the frame up to its only subframe. */
    private static FlacBytes frame() {
        return mono().frame(6, 0, 0, 0);
    }

    /** ...and only up to its number. */
    private static FlacBytes numbered() {
        return mono().bits(0xfff86000, 32);
    }

    /** ...and whole, where another number of samples is declared. */
    private static FlacBytes constants(long frames) {
        return FlacBytes.stream(8000, 1, 16, frames)
                .frame(6, 0, 0, 0)
                .constants(1, 16)
                .endFrame();
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments("empty", new FlacBytes(), "must begin with fLaC, got nothing"),
                arguments("not FLAC", new FlacBytes().bits(0x4f676753, 32), "must begin with fLaC"),
                arguments("only the magic", magic(), "must not end inside"),
                arguments("padding first", magic().bits(0x81, 8).bits(0, 24), "must be STREAMINFO, got type 1"),
                arguments(
                        "two STREAMINFOs",
                        magic().bits(0, 8)
                                .streamInfo(34, 8000, 1, 16, 16)
                                .bits(0x80, 8)
                                .streamInfo(34, 8000, 1, 16, 16),
                        "but the first must be STREAMINFO"),
                arguments(
                        "a forbidden block type",
                        magic().bits(0, 8)
                                .streamInfo(34, 8000, 1, 16, 16)
                                .bits(0xff, 8)
                                .bits(0, 24),
                        "nor one of type 127"),
                arguments(
                        "a short STREAMINFO",
                        magic().bits(0x80, 8).streamInfo(33, 1, 1, 16, 16),
                        "must have 34 bytes, got 33"),
                arguments("rate 0", FlacBytes.stream(0, 1, 16, 16), "sample rate must be in 1..1048575 Hz, got 0"),
                arguments("3 bits", FlacBytes.stream(8000, 1, 3, 16), "must be in 4..32, got 3"),
                arguments("no frames", mono(), "declares 16 samples, 0 present"),
                arguments("fewer samples than declared", constants(17), "declares 17 samples, 16 present"),
                arguments("more samples than declared", constants(15), "declares 15 samples, got more"),
                arguments("no sync code", mono().bits(0xfff0, 16).zeros(200), "sync code, got fff0"),
                arguments("the reserved bit", mono().bits(0xfffa, 16).zeros(200), "sync code, got fffa"),
                arguments("block size 0", mono().frame(0, 0, 0, 0), "block size code must not be 0"),
                arguments("rate 15", mono().frame(6, 15, 0, 0), "must not be 15"),
                arguments("another rate", mono().frame(6, 9, 0, 0), "stream's 8000, got 44100"),
                arguments("other bits", mono().frame(6, 0, 0, 6), "stream's 16, got 24"),
                arguments("reserved bits", mono().frame(6, 0, 0, 3), "stream's 16, got -1"),
                arguments("other channels", mono().frame(6, 0, 1, 0), "stream's 1, got 2"),
                arguments("mid-side of one channel", mono().frame(6, 0, 10, 0), "stream's 1, got 2"),
                arguments("reserved channels", mono().frame(6, 0, 11, 0), "reserved bits of a frame"),
                arguments("a number that is none", numbered().bits(0x80, 8).zeros(200), "must be coded as UTF-8"),
                arguments("a number that breaks off", numbered().bits(0xc0, 8).zeros(200), "must be coded as UTF-8"),
                arguments("a header with another checksum", numbered().zeros(200), "checksum of a frame's header"),
                arguments("the first bit", frame().bits(1, 1).zeros(200), "first bit of a subframe"),
                arguments("a reserved type", frame().subframe(2).zeros(200), "reserved, got 2"),
                arguments("a fixed order 5", frame().subframe(13).zeros(200), "reserved, got 13"),
                arguments("all bits wasted", frame().bits(1, 8).bits(1, 16).zeros(200), "fewer than the sample's 16"),
                arguments("wasted without end", frame().bits(1, 8).zeros(100), "must not end inside"),
                arguments(
                        "an order beyond the block",
                        frame().subframe(32 + 31).zeros(999),
                        "at most the block's 16 samples, got 32"),
                arguments(
                        "precision 16",
                        frame().subframe(32).bits(0, 16).bits(15, 4).zeros(200),
                        "in 1..15 bits, got 16"),
                arguments(
                        "a negative shift",
                        frame().subframe(32).bits(0, 16).bits(14, 4).bits(31, 5).zeros(200),
                        ">= 0, got -1"),
                arguments("coding 2", frame().subframe(8).bits(2, 2).zeros(200), "0 or 1, got 2"),
                arguments(
                        "partitions that do not divide",
                        frame().subframe(8).bits(0, 2).bits(5, 4).zeros(200),
                        "divisible into its partitions, got 2^5"),
                arguments(
                        "partitions shorter than the order",
                        frame().subframe(12).zeros(64).bits(0, 2).bits(3, 4).zeros(200),
                        "divisible into its partitions, got 2^3"),
                arguments(
                        "a residual beyond 32 bits",
                        frame().subframe(8)
                                .bits(1, 2)
                                .bits(0, 4)
                                .bits(30, 5)
                                .zeros(40)
                                .bits(1, 1)
                                .zeros(600),
                        "must fit in 32 bits"),
                arguments(
                        "a sample beyond its bits",
                        frame().subframe(8).escaped(17).bits(0xffff, 17).zeros(600),
                        "a sample must fit in 16 bits, got 65535"),
                arguments(
                        "padding that is not 0",
                        frame().subframe(8).escaped(0).bits(1, 1).bits(0, 16),
                        "fill up the last byte"),
                arguments("another checksum", frame().constants(1, 16).bits(0, 16), "checksum of a frame must be"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void malformed(String name, FlacBytes flac, String message) {
        assertRefused(Code.MALFORMED_FLAC, () -> read(flac.bytes(), Bounded.LIMITS))
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 31})
    void anEscapedPartitionHoldsPlainNumbers(int bits) throws IOException {
        FlacBytes flac = FlacBytes.stream(8000, 1, 32, 16)
                .frame(6, 0, 0, 0)
                .subframe(8)
                .escaped(bits)
                .zeros(16 * bits)
                .endFrame();

        assertThat(read(flac.bytes()).samples(0)).hasSize(16).containsOnly(0);
    }

    @Test
    void anyFlippedBitOfAFrameIsNoticed() throws IOException {
        byte[] flac = Golden.bytes("codec/flac/left_side.flac");
        int firstFrame = flac.length;
        for (int i = flac.length - 2; i >= 0; i--) {
            firstFrame = (flac[i] & 0xff) == 0xff && (flac[i + 1] & 0xff) == 0xf8 ? i : firstFrame;
        }
        for (int bit = 8 * firstFrame; bit < 8 * flac.length; bit++) {
            byte[] changed = flac.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> read(changed, Bounded.LIMITS))
                    .as("bit %d", bit)
                    .isInstanceOf(InvalidInputException.class);
        }
    }
}
