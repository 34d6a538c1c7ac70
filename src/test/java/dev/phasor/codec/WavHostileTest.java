package dev.phasor.codec;

import static dev.phasor.Refused.assertRefused;
import static dev.phasor.codec.WavBytes.read;
import static dev.phasor.codec.WavBytes.riff;
import static dev.phasor.codec.WavBytes.riffWithFormat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.phasor.fuzz.Bounded;
import dev.phasor.signal.InvalidInputException.Code;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** WAV files that lie, one rule broken in each. */
class WavHostileTest {

    private static final byte[] THREE_BYTES = {1, 0, 2, 0, 3, 0};

    static Stream<Arguments> malformed() {
        byte[] none = {};
        return Stream.of(
                arguments("empty", none, "must begin with RIFF, RF64 or BW64, and WAVE, got nothing"),
                arguments(
                        "text", "this is no sound at all".getBytes(StandardCharsets.US_ASCII), "must begin with RIFF"),
                arguments(
                        "big-endian RIFX",
                        new WavBytes().id("RIFX").u32(0).id("WAVE").bytes(),
                        "must begin with RIFF"),
                arguments("no fmt", riff().bytes(), "no fmt chunk"),
                arguments("no data", riffWithFormat().bytes(), "no data chunk"),
                arguments(
                        "data before fmt", riff().chunk("data", THREE_BYTES).bytes(), "the fmt chunk must come before"),
                arguments(
                        "body shorter than declared",
                        riffWithFormat().id("data").u32(1000).raw(THREE_BYTES).bytes(),
                        "data chunk declares 1000 bytes, 6 present"),
                arguments(
                        "chunk longer than the body",
                        riff().id("LIST").u32(-1).raw(THREE_BYTES).bytes(),
                        "chunk declares 4294967295 bytes, 6 present"),
                arguments(
                        "half a frame",
                        riffWithFormat().id("data").u32(5).raw(THREE_BYTES).bytes(),
                        "data size must be a multiple of the frame's 2 bytes, got 5"),
                arguments("no channels", fmt(1, 0, 8000, 2, 16), "channels must be >= 1, got 0"),
                arguments("rate 0", fmt(1, 1, 0, 2, 16), "sample rate must be in 1..2147483647 Hz, got 0"),
                arguments("rate 2^32 - 1", fmt(1, 1, -1, 2, 16), "got 4294967295"),
                arguments("block align 0", fmt(1, 2, 8000, 0, 16), "block align must be 4"),
                arguments("block align too large", fmt(1, 1, 8000, 4, 16), "block align must be 2"),
                arguments("bits 0", fmt(1, 1, 8000, 0, 0), "bits of a PCM sample must be in 1..32, got 0"),
                arguments("64-bit PCM", fmt(1, 1, 8000, 8, 64), "must be in 1..32, got 64"),
                arguments("16-bit float", fmt(3, 1, 8000, 2, 16), "must be 32 or 64, got 16"),
                arguments("16-bit mu-law", fmt(7, 1, 8000, 2, 16), "must be 8, got 16"),
                arguments("ADPCM", fmt(2, 1, 8000, 1, 4), "format must be 1 (PCM)"),
                arguments("MP3 inside", fmt(0x55, 1, 8000, 1, 0), "got 85"),
                arguments(
                        "short fmt",
                        riff().chunk("fmt ", new byte[14]).bytes(),
                        "fmt chunk must have at least 16 bytes, got 14"),
                arguments(
                        "truncated fmt",
                        riff().id("fmt ").u32(16).u16(1).bytes(),
                        "fmt chunk declares 16 bytes, 2 present"),
                arguments(
                        "second fmt", riffWithFormat().format(1, 1, 8000, 2, 16).bytes(), "got a second"),
                arguments(
                        "extensible without its extension",
                        fmt(0xfffe, 1, 8000, 2, 16),
                        "extensible fmt chunk must have 40 bytes, got 16"),
                arguments(
                        "more valid bits than bits",
                        extensible(24),
                        "valid bits must be at most the container's 16, got 24"),
                arguments("foreign sub-format", extensible(16), "sub-format GUID"),
                arguments("negative ds64 size", riff().ds64(Long.MIN_VALUE, 0).bytes(), "got 9223372036854775808"),
                arguments(
                        "short ds64",
                        riff().chunk("ds64", new byte[4]).bytes(),
                        "ds64 chunk must have at least 28 bytes, got 4"));
    }

    /** Of so many valid bits, and of no sub-format. */
    private static byte[] extensible(int validBits) {
        return riff().id("fmt ")
                .u32(40)
                .u16(0xfffe)
                .u16(1)
                .u32(8000)
                .u32(16000)
                .u16(2)
                .u16(16)
                .u16(22)
                .u16(validBits)
                .raw(new byte[20])
                .bytes();
    }

    private static byte[] fmt(int tag, int channels, int rate, int blockAlign, int bits) {
        return riff().format(tag, channels, rate, blockAlign, bits)
                .chunk("data", THREE_BYTES)
                .bytes();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void malformed(String name, byte[] wav, String message) {
        assertRefused(Code.MALFORMED_WAV, () -> read(wav, Bounded.LIMITS)).hasMessageContaining(message);
    }

    static Stream<Arguments> tooLarge() {
        return Stream.of(
                arguments(
                        "declared",
                        riffWithFormat()
                                .id("data")
                                .u32(0x7FFFE000)
                                .raw(THREE_BYTES)
                                .bytes(),
                        "got 4294950912"),
                arguments("declared by ds64", riff().ds64(Long.MAX_VALUE - 1, 0).bytes(), "got 9223372036854775807"),
                arguments(
                        "without end",
                        riffWithFormat()
                                .id("data")
                                .u32(0)
                                .raw(new byte[600_000])
                                .bytes(),
                        "got 1048580"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void tooLarge(String name, byte[] wav, String message) {
        assertRefused(Code.TOO_LARGE, () -> read(wav, Bounded.LIMITS))
                .hasMessageContaining("must be at most 1048576 bytes, " + message);
    }
}
