package dev.phasor.decoder;

import dev.phasor.codec.AudioReader;
import dev.phasor.codec.CodecLimits;
import dev.phasor.codec.SignalReader;
import dev.phasor.codec.WavReader;
import dev.phasor.compute.ClientLimits;
import dev.phasor.compute.Lane;
import dev.phasor.compute.Patience;
import dev.phasor.compute.Spools;
import dev.phasor.compute.UnnamedFile;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decodes and resamples by ffmpeg, a process for each file. As many run at once as may, in a lane of their own; a
 * request's process ends with its deadline and with its client. A process that fails costs its own request only.
 */
public final class Decoder implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Decoder.class);

    /** Channels of one process that resamples: swr takes 64, and a frame of them stays in the cache. */
    private static final int CHANNELS_AT_ONCE = 32;

    /**
     * Processes of files that flow, as a multiple of the others: they mostly wait for what is computed of them, as long
     * as their request lasts, and must not stand before short ones.
     */
    private static final int FLOWS = 4;

    private final DecoderSettings settings;
    private final Spools spools;
    private final Lane lane;
    private final Lane flows;
    private final DecodingProcesses processes;
    private @Nullable FfmpegSearch search;

    public Decoder(DecoderSettings settings, ClientLimits client, Spools spools) {
        this.settings = settings;
        this.spools = spools;
        lane = Lane.withThreads("decoder", "phasor.decoder.queue", settings.slots(), settings.queue(), client);
        flows = Lane.withThreads(
                "decoder-stream", "phasor.decoder.queue", FLOWS * settings.slots(), settings.queue(), client);
        processes = new DecodingProcesses(settings);
    }

    /** The lanes that files are decoded in: those that are held as a whole, and those that flow. */
    public List<Lane> lanes() {
        return List.of(lane, flows);
    }

    /** Why nothing can be decoded, and what to do; null where it can. Looks for the program when it is first asked. */
    public @Nullable String missing() {
        FfmpegSearch found = search();
        return found.ffmpeg() != null
                ? null
                : "there is no ffmpeg that works (" + found.reason()
                        + "): install ffmpeg 6.0 or newer, or name one in phasor.decoder.path";
    }

    /** The program and its version, as reports name it. */
    public String name() {
        return "ffmpeg " + ffmpeg().version();
    }

    private synchronized FfmpegSearch search() {
        if (search == null) {
            search = FfmpegSearch.run(settings);
            log.info("decoder: {}", search.reason());
        }
        return search;
    }

    private Ffmpeg ffmpeg() {
        return Objects.requireNonNull(search().ffmpeg(), "missing() tells");
    }

    /**
     * The first sound of a file, as ffmpeg decodes it.
     *
     * @param client owner of the file, for the limits of one client
     * @throws InvalidInputException {@code MALFORMED_AUDIO} for what cannot be decoded, and {@code TOO_LARGE} beyond
     *     the limits of memory, time and length
     * @throws dev.phasor.compute.BusyException if too many wait, the request's time is over, or the process was killed
     */
    public AudioSignal decode(ForeignFile file, CodecLimits limits, String client, Patience patience) {
        return decode(lane, file, client, patience, sound -> sound.readAll(limits));
    }

    /** Makes something of a file's sound while it is decoded. */
    @FunctionalInterface
    public interface Use<T> {
        /** @param sound its frames, of a number that is not known. Read to its end */
        T of(AudioReader sound) throws IOException;
    }

    /**
     * {@link #decode} without holding the sound.
     *
     * @param use called on a thread of the decoder's. What it returns counts if the process has ended well
     */
    public <T> T decode(ForeignFile file, String client, Patience patience, Use<T> use) {
        return decode(flows, file, client, patience, use);
    }

    private <T> T decode(Lane on, ForeignFile file, String client, Patience patience, Use<T> use) {
        Ffmpeg ffmpeg = ffmpeg();
        return on.run(client, patience, () -> {
            try (UnnamedFile input = spools.unnamed(file.bytes())) {
                return processes.run(
                        "the " + file.format().wireName() + " file",
                        () -> ffmpeg.decode(file.format(), input.descriptor()),
                        out -> use.of(WavReader.open(new BufferedInputStream(out, 1 << 16))));
            }
        });
    }

    /**
     * The same sound at another rate: swr of ffmpeg, whose filter {@link Ffmpeg} names. The first sample stays the
     * first, silence stands behind the last, and the length becomes length times rate over rate, rounded up.
     *
     * @param rate in Hz
     * @throws InvalidInputException as {@link #decode}
     * @throws dev.phasor.compute.BusyException as {@link #decode}
     */
    public AudioSignal resample(AudioSignal sound, int rate, CodecLimits limits, String client, Patience patience) {
        int own = sound.sampleRate();
        long length = Resampled.length(sound.length(), own, rate);
        long bytes = length * Float.BYTES * sound.items();
        if (bytes > limits.maxBytes()) {
            throw new InvalidInputException(
                    Code.TOO_LARGE,
                    "audio resampled to " + rate + " Hz must be at most " + limits.maxBytes() + " bytes, got " + bytes);
        }
        float[][] resampled = new float[sound.items()][];
        for (int item = 0; item < resampled.length; item++) {
            limits.memory().accept(Float.BYTES * length);
            resampled[item] = new float[(int) length];
        }
        for (int first = 0; first < resampled.length; first += CHANNELS_AT_ONCE) {
            float[][] part = Arrays.copyOfRange(resampled, first, Math.min(resampled.length, first + CHANNELS_AT_ONCE));
            SignalReader channels = new SignalReader(sound, first, part.length);
            lane.run(client, patience, () -> read(channels, rate, part));
        }
        return new AudioSignal(sound.leading(), resampled, rate);
    }

    /** The whole sound. */
    private boolean read(SignalReader channels, int rate, float[][] resampled) {
        try (Resampled sound = start(channels, rate)) {
            sound.read(resampled, 0, resampled[0].length);
            return sound.read(new float[resampled.length][1], 0, 1) == 0;
        } catch (IOException e) {
            throw new IllegalStateException("samples in memory are read", e);
        }
    }

    private Resampled start(AudioReader sound, int rate) {
        Ffmpeg ffmpeg = ffmpeg();
        int own = sound.sampleRate();
        return new Resampled(
                sound,
                rate,
                processes.start("the audio", () -> ffmpeg.resample(sound.channels(), own, rate)),
                Ffmpeg.reach(own, rate));
    }

    /**
     * {@link #resample} without holding the sound: the same samples, while they are read. Takes a place among the files
     * that flow.
     *
     * @param use called on this thread
     */
    public <T> T resample(AudioReader sound, int rate, String client, Patience patience, Use<T> use)
            throws IOException {
        try (Lane.Held place = flows.hold(client, patience)) {
            return resampleDecoded(sound, rate, use);
        }
    }

    /** {@link #resample(AudioReader, int, String, Patience, Use)} of a file that is decoded, which has its place. */
    public <T> T resampleDecoded(AudioReader sound, int rate, Use<T> use) throws IOException {
        try (Resampled resampled = start(sound, rate)) {
            return use.of(resampled);
        }
    }

    /** Bytes that resampling a sound holds while it flows. */
    public static long flowingBytes(int channels) {
        return Resampled.bytes(channels);
    }

    /** Whether so many channels are resampled while they flow; a sound of more is held. */
    public static boolean flows(int channels) {
        return channels <= CHANNELS_AT_ONCE;
    }

    /** Ends every process. */
    @Override
    public void close() {
        lane.stop();
        flows.stop();
        processes.endAll();
    }
}
