package dev.phasor.decoder;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.phasor.Golden;
import dev.phasor.Recordings;
import dev.phasor.codec.CodecLimits;
import dev.phasor.codec.SignalReader;
import dev.phasor.compute.BusyException;
import dev.phasor.compute.ClientGoneException;
import dev.phasor.compute.ClientLimits;
import dev.phasor.compute.Patience;
import dev.phasor.compute.Spools;
import dev.phasor.compute.StreamLimits;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Shape;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

/** ffmpeg decodes as it does on a command line, and what goes wrong in it costs its own request only. */
class DecoderTest {

    private static final CodecLimits LIMITS = new CodecLimits(1 << 26);
    private static final DecoderSettings SETTINGS = settings("auto", 60, 256);
    private static final Decoder DECODER = decoder(SETTINGS);
    private static final Ffmpeg FFMPEG =
            requireNonNull(FfmpegSearch.run(SETTINGS).ffmpeg());

    @AfterAll
    static void close() {
        DECODER.close();
    }

    private static DecoderSettings settings(String path, int seconds, int megabytes) {
        return new DecoderSettings(path, seconds, 1, DataSize.ofMegabytes(megabytes), 2, 32);
    }

    private static Decoder decoder(DecoderSettings settings) {
        ClientLimits client = new ClientLimits(50, 16, 80, 50);
        DataSize much = DataSize.ofGigabytes(1);
        return new Decoder(settings, client, new Spools(new StreamLimits(much, much, much, much, null), client));
    }

    private static Patience patience() {
        return new Patience(() -> false, Duration.ofSeconds(60));
    }

    private static AudioSignal decode(Decoder decoder, byte[] bytes, ForeignFormat format, CodecLimits limits) {
        return decoder.decode(new ForeignFile(bytes, format), limits, "me", patience());
    }

    private static ForeignFormat formatOf(byte[] bytes) {
        return bytes[0] == 'I'
                ? ForeignFormat.MP3
                : ForeignFormat.ofFirstBytes(Arrays.copyOf(bytes, 12)).orElseThrow();
    }

    static List<String> files() {
        return Golden.names("foreign", "");
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyFileIsWhatFfmpegMakesOfIt(String name) throws IOException {
        byte[] bytes = Golden.bytes(name);
        Path path = Path.of("src/test/resources/golden", name);
        AudioSignal sound = decode(DECODER, bytes, formatOf(bytes), LIMITS);
        float[] expected = CommandLine.floats(CommandLine.run(FFMPEG, "-i", path.toString(), "-f", "f32le", "pipe:1"));

        assertThat(sound.length()).isGreaterThan(20_000).isEqualTo(expected.length / sound.items());
        assertThat(interleaved(sound)).isEqualTo(expected);
    }

    @Test
    void allFormatsAreAmongThem() {
        assertThat(files().stream().map(Golden::bytes).map(DecoderTest::formatOf))
                .contains(ForeignFormat.values());
        assertThat(decode(DECODER, Golden.bytes("foreign/speech.opus"), ForeignFormat.OGG, LIMITS)
                        .sampleRate())
                .isEqualTo(48_000);
    }

    /** Of libsndfile's AIFF: unsigned, as in no other one. */
    @Test
    void bytesOfAiffAreUnsignedWhereItSaysRaw() throws IOException {
        byte[] samples = {(byte) 128, 0, (byte) 255, 64};
        ByteBuffer aiff = ByteBuffer.allocate(12 + 8 + 24 + 16 + samples.length);
        aiff.put("FORM".getBytes(StandardCharsets.ISO_8859_1)).putInt(aiff.capacity() - 8);
        aiff.put("AIFCCOMM".getBytes(StandardCharsets.ISO_8859_1)).putInt(24);
        aiff.putShort((short) 1).putInt(samples.length).putShort((short) 8);
        // 8000 as a float of 80 bits.
        aiff.putShort((short) (0x3fff + 12)).putLong(8000L << 51);
        aiff.put("raw ".getBytes(StandardCharsets.ISO_8859_1)).putShort((short) 0);
        aiff.put("SSND".getBytes(StandardCharsets.ISO_8859_1)).putInt(8 + samples.length);
        aiff.putLong(0).put(samples);

        AudioSignal sound = decode(DECODER, aiff.array(), ForeignFormat.AIFF, LIMITS);

        assertThat(sound.sampleRate()).isEqualTo(8000);
        assertThat(sound.samples(0)).containsExactly(0, -1, 127 / 128f, -0.5f);
    }

    @Test
    void aWholeRecordingIsKept() {
        AudioSignal recording = Recordings.read(Recordings.speech());
        AudioSignal sound = decode(DECODER, Golden.bytes("foreign/speech.aiff"), ForeignFormat.AIFF, LIMITS);

        assertThat(sound.sampleRate()).isEqualTo(16_000);
        assertThat(sound.samples(0)).isEqualTo(Arrays.copyOf(recording.samples(0), 24_000));
    }

    @Test
    void resamplingIsWhatFfmpegMakesOfIt() throws IOException {
        AudioSignal sound = Recordings.read(Recordings.music());
        AudioSignal resampled = DECODER.resample(sound, 16_000, LIMITS, "me", patience());
        float[] expected = CommandLine.floats(CommandLine.run(
                FFMPEG,
                "-i",
                Recordings.music().toString(),
                "-af",
                "aformat=flt,aresample=16000:filter_size=256:cutoff=0.98:kaiser_beta=12",
                "-f",
                "f32le",
                "pipe:1"));

        assertThat(resampled.sampleRate()).isEqualTo(16_000);
        assertThat(resampled.leading()).isEqualTo(Shape.of(2));
        int whole = 2 * (resampled.length() - Ffmpeg.reach(16_000, 16_000)); // behind the end we have silence
        assertThat(Arrays.copyOf(interleaved(resampled), whole)).isEqualTo(Arrays.copyOf(expected, whole));
    }

    @ParameterizedTest
    @CsvSource({"1, 44100", "16, 4000", "300, 16000", "5000, 8000", "20011, 16000", "20011, 44100", "1, 384000"})
    void theLengthIsThatOfTheSound(int length, int rate) {
        float[] constant = new float[length];
        Arrays.fill(constant, 0.5f);
        AudioSignal resampled = DECODER.resample(AudioSignal.mono(constant, 32_000), rate, LIMITS, "me", patience());

        assertThat(resampled.length()).isEqualTo((int) Math.ceil((double) length * rate / 32_000));
        assertThat(resampled.samples(0)[0]).isCloseTo(0.5f, within(0.3f));
    }

    /** How much is asked for at once changes nothing, also where that is a sample, or the last sample. */
    @ParameterizedTest
    @CsvSource({"100000, 16000, 1000", "3000, 44100, 1", "20011, 48000, 65536", "5000, 32000, 5000"})
    void aSoundThatFlowsIsResampledAsOneThatIsHeld(int length, int rate, int block) throws IOException {
        float[] samples = Arrays.copyOf(Recordings.read(Recordings.music()).samples(0), length);
        AudioSignal sound = AudioSignal.mono(samples, 32_000);
        float[] held = DECODER.resample(sound, rate, LIMITS, "me", patience()).samples(0);
        float[] flowing = new float[held.length + block];
        int read = DECODER.resample(new SignalReader(sound), rate, "me", patience(), resampled -> {
            assertThat(resampled.frames()).isEqualTo(held.length);
            assertThat(resampled.sampleRate()).isEqualTo(rate);
            int at = 0;
            for (int count = block; count == block; at += count) {
                count = resampled.read(new float[][] {flowing}, at, block);
            }
            assertThat(resampled.read(new float[][] {flowing}, 0, block)).isZero();
            return at;
        });

        assertThat(read).isEqualTo(held.length);
        assertThat(Arrays.mismatch(Arrays.copyOf(flowing, read), held)).isEqualTo(-1);
        assertNothingRuns();
    }

    @Test
    void whoStopsReadingEndsTheProcess() throws IOException {
        AudioSignal sound = AudioSignal.mono(new float[1 << 20], 32_000);
        float[][] block = new float[1][100];

        assertThat(DECODER.<Integer>resample(
                        new SignalReader(sound), 16_000, "me", patience(), all -> all.read(block, 0, 100)))
                .isEqualTo(100);
        assertThatThrownBy(() -> DECODER.resample(new SignalReader(sound), 16_000, "me", patience(), all -> {
                    all.read(block, 0, 100);
                    ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
                    return all.readAll(LIMITS);
                }))
                .isInstanceOf(BusyException.class)
                .hasMessageContaining("ended by signal 9");
        assertNothingRuns();
        assertThat(DECODER.lanes())
                .allSatisfy(lane ->
                        await().untilAsserted(() -> assertThat(lane.running()).isZero()));
    }

    @Test
    void whatIsTooLongResampledIsRefused() {
        assertThatThrownBy(() -> DECODER.resample(
                        AudioSignal.mono(new float[10_000_000], 1000), 384_000, LIMITS, "me", patience()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("must be at most");
    }

    @ParameterizedTest
    @ValueSource(ints = {8000, 16_000, 44_100, 48_000})
    void aToneStaysWhereAndAsLoudAsItWas(int rate) {
        int own = 22_050;
        AudioSignal tone = AudioSignal.mono(tone(own, own), own);
        AudioSignal resampled = DECODER.resample(tone, rate, LIMITS, "me", patience());
        float[] expected = tone(rate, rate);

        assertThat(resampled.length()).isCloseTo(rate, within(1));
        for (int i = rate / 8; i < 7 * rate / 8; i++) {
            assertThat(resampled.samples(0)[i]).isCloseTo(expected[i], within(2e-6f));
        }
    }

    /** 3000 Hz. */
    private static float[] tone(int rate, int samples) {
        float[] tone = new float[samples];
        for (int i = 0; i < samples; i++) {
            tone[i] = (float) (0.5 * Math.sin(2 * Math.PI * 3000 * i / rate));
        }
        return tone;
    }

    @Test
    void manyItemsKeepTheirPlaces() {
        float[][] items = new float[35][];
        Arrays.setAll(items, item -> {
            float[] constant = new float[2000];
            Arrays.fill(constant, item / 64f);
            return constant;
        });
        AudioSignal resampled =
                DECODER.resample(new AudioSignal(Shape.of(5, 7), items, 8000), 12_000, LIMITS, "me", patience());

        assertThat(resampled.shape()).isEqualTo(Shape.of(5, 7, 3000));
        for (int item = 0; item < items.length; item++) {
            assertThat(resampled.samples(item)[1500]).isCloseTo(item / 64f, within(1e-5f));
        }
    }

    @ParameterizedTest
    @EnumSource(ForeignFormat.class)
    void whatOnlyBeginsRightIsRefused(ForeignFormat format) {
        byte[] head = files().stream()
                .map(Golden::bytes)
                .filter(bytes -> formatOf(bytes) == format)
                .findFirst()
                .orElseThrow();
        byte[] bytes = Arrays.copyOf(Arrays.copyOf(head, 12), 5000);
        for (int i = 12; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 37);
        }

        assertThat(refusal(bytes, format).code()).isEqualTo(Code.MALFORMED_AUDIO);
        assertThat(refusal(new byte[0], format).code()).isEqualTo(Code.MALFORMED_AUDIO);
        assertThat(refusal(bytes, format))
                .hasMessageContaining("the " + format.wireName() + " file must be one that ffmpeg decodes");
    }

    /** ffmpeg exits with 255 where it says so, as it does after a signal. */
    @Test
    void anAiffOfMoreSamplesThanAnyIsTheSendersFault() {
        byte[] aiff = Golden.bytes("foreign/speech.aiff");
        String text = new String(aiff, StandardCharsets.ISO_8859_1);
        Arrays.fill(aiff, text.indexOf("COMM") + 10, text.indexOf("COMM") + 14, (byte) 0xff);
        Arrays.fill(aiff, text.indexOf("SSND") + 4, text.indexOf("SSND") + 8, (byte) 0xff);

        assertThat(refusal(aiff, ForeignFormat.AIFF).code()).isEqualTo(Code.MALFORMED_AUDIO);
    }

    private static InvalidInputException refusal(byte[] bytes, ForeignFormat format) {
        return catchThrowableOfType(InvalidInputException.class, () -> decode(DECODER, bytes, format, LIMITS));
    }

    /** Playlists name other files and servers; none is opened, whatever they are sent as. */
    @ParameterizedTest
    @EnumSource(ForeignFormat.class)
    void aPlaylistIsNone(ForeignFormat format, @TempDir Path folder) throws IOException {
        Path secret = Files.write(folder.resolve("secret.mp3"), Golden.bytes("foreign/speech.mp3"));
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + server.getLocalPort() + "/a.mp3";
            for (String list : List.of(
                    "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n" + url + "\n#EXT-X-ENDLIST\n",
                    "ffconcat version 1.0\nfile '" + secret + "'\nfile '" + url + "'\n",
                    "<MPD><BaseURL>" + url + "</BaseURL></MPD>")) {
                assertThat(refusal(list.getBytes(StandardCharsets.UTF_8), format)
                                .code())
                        .isEqualTo(Code.MALFORMED_AUDIO);
            }
            server.setSoTimeout(1);
            assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    /** Ten minutes of silence are a few kilobytes. */
    private static byte[] silence() throws IOException {
        return CommandLine.run(
                FFMPEG,
                "-f",
                "lavfi",
                "-i",
                "anullsrc=r=48000:cl=mono",
                "-t",
                "600",
                "-c:a",
                "flac",
                "-f",
                "ogg",
                "pipe:1");
    }

    @Test
    void whatIsTooLongDecodedIsRefused() throws IOException {
        byte[] small = silence();
        assertThat(small.length).isLessThan(200_000);

        assertThatThrownBy(() -> decode(DECODER, small, ForeignFormat.OGG, new CodecLimits(1 << 20)))
                .isInstanceOfSatisfying(
                        InvalidInputException.class, e -> assertThat(e.code()).isEqualTo(Code.TOO_LARGE));
        assertNothingRuns();
    }

    @Test
    void aKilledProcessCostsItsRequestOnly() throws IOException {
        byte[] small = silence();
        AtomicBoolean killed = new AtomicBoolean();
        CodecLimits killing = new CodecLimits(1 << 28, bytes -> {
            if (killed.compareAndSet(false, true)) {
                ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
            }
        });

        assertThatThrownBy(() -> decode(DECODER, small, ForeignFormat.OGG, killing))
                .isInstanceOfSatisfying(
                        BusyException.class, e -> assertThat(e.code()).isEqualTo(BusyException.Code.DECODER_FAILED))
                .hasMessageContaining("ended by signal 9");
        assertThat(decode(DECODER, small, ForeignFormat.OGG, new CodecLimits(1 << 28))
                        .length())
                .isEqualTo(600 * 48_000);
        assertNothingRuns();
    }

    @Test
    void itEndsWithItsDeadlineAndWithItsClient() throws IOException {
        ForeignFile file = new ForeignFile(silence(), ForeignFormat.OGG);
        CodecLimits limits = new CodecLimits(1 << 28);

        assertThatThrownBy(() -> DECODER.decode(file, limits, "me", new Patience(() -> false, Duration.ofMillis(20))))
                .isInstanceOfSatisfying(
                        BusyException.class, e -> assertThat(e.code()).isEqualTo(BusyException.Code.TIMEOUT));
        assertNothingRuns();
        assertThatThrownBy(() -> DECODER.decode(file, limits, "me", new Patience(() -> true, Duration.ofMinutes(1))))
                .isInstanceOf(ClientGoneException.class);
        assertNothingRuns();
    }

    private static void assertNothingRuns() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> ProcessHandle.current().children().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void itsProcessorTimeIsBounded() {
        try (Decoder hasty = decoder(settings("auto", 1, 256))) {
            AudioSignal long384k = AudioSignal.mono(new float[60_000_000], 384_000);

            assertThatThrownBy(() -> hasty.resample(long384k, 1000, LIMITS, "me", patience()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("phasor.decoder.cpu-time");
        }
    }

    /** 60,000 edits of 50,000 samples: ffmpeg looks for each edit in all samples, half a minute before the first. */
    @Test
    void aFileThatTakesLongBeforeItsFirstSampleIsGivenUp() {
        ForeignFile file = new ForeignFile(SlowMp4.bytes(50_000, 60_000), ForeignFormat.MP4);

        assertThatThrownBy(() -> DECODER.decode(file, LIMITS, "me", patience()))
                .isInstanceOf(InvalidInputException.class)
                .hasFieldOrPropertyWithValue("code", Code.TOO_LARGE)
                .hasMessageContaining("phasor.decoder.cpu-time-per-megabyte");
        assertNothingRuns();
    }

    @Test
    void itsMemoryIsBounded() {
        try (Decoder narrow = decoder(settings("auto", 60, 100))) {
            assertThatThrownBy(() -> decode(narrow, Golden.bytes("foreign/speech.mp3"), ForeignFormat.MP3, LIMITS))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("phasor.decoder.memory");
        }
    }

    @Test
    void whereThereIsNoneItSaysWhatToInstall() {
        try (Decoder off = decoder(settings("off", 60, 256));
                Decoder elsewhere = decoder(settings("/nowhere/ffmpeg", 60, 256));
                Decoder other = decoder(settings("/bin/true", 60, 256))) {
            assertThat(DECODER.missing()).isNull();
            assertThat(off.missing()).contains("phasor.decoder.path is off", "install ffmpeg 6.0 or newer");
            assertThat(elsewhere.missing()).contains("/nowhere/ffmpeg does not start", "not found");
            assertThat(other.missing()).contains("/bin/true does not start");
        }
    }

    /** A folder of temporary files is cleaned now and then. */
    @Test
    void whatIsMissingIsUnpackedAgain(@TempDir Path folder) throws IOException {
        String temporary = System.getProperty("java.io.tmpdir");
        try {
            System.setProperty("java.io.tmpdir", folder.toString());
            Path program = requireNonNull(BundledFfmpeg.program());
            Path library = program.resolveSibling("libpulse.so.0");
            Files.delete(library);
            Files.write(program.resolveSibling("libswresample.so.6"), new byte[10]);

            assertThat(BundledFfmpeg.program()).isEqualTo(program);
            assertThat(library).exists();
            assertThat(FfmpegSearch.run(settings(program.toString(), 60, 256)).ffmpeg())
                    .isNotNull();
            Files.setPosixFilePermissions(
                    requireNonNull(program.getParent()),
                    java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
            assertThatThrownBy(BundledFfmpeg::program).hasMessageContaining("must be a folder of this user's own");
        } finally {
            System.setProperty("java.io.tmpdir", temporary);
        }
    }

    private static float[] interleaved(AudioSignal sound) {
        float[] all = new float[sound.items() * sound.length()];
        for (int item = 0; item < sound.items(); item++) {
            for (int i = 0; i < sound.length(); i++) {
                all[i * sound.items() + item] = sound.samples(item)[i];
            }
        }
        return all;
    }
}
