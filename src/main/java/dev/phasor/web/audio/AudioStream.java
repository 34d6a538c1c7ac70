package dev.phasor.web.audio;

import static java.util.Objects.requireNonNull;

import dev.phasor.codec.AudioReader;
import dev.phasor.codec.FlacReader;
import dev.phasor.codec.Id3Tag;
import dev.phasor.codec.WavEncoding;
import dev.phasor.codec.WavReader;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.MeteredInputStream;
import dev.phasor.compute.Patience;
import dev.phasor.compute.Spool;
import dev.phasor.compute.Streams;
import dev.phasor.decoder.Decoder;
import dev.phasor.decoder.ForeignFile;
import dev.phasor.decoder.ForeignFormat;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Inputs;
import dev.phasor.operation.Parameters;
import dev.phasor.operation.StreamedReconstruction;
import dev.phasor.web.telemetry.ComputeMeters.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * Turns a sound file into a sound file through {@code /v1/reconstruct}, block by block. Neither the spectrogram nor the
 * signal is held as a whole.
 */
final class AudioStream {

    /** The parameters that streaming supports. Any other parameter needs the whole spectrogram. */
    private static final Set<String> STREAMABLE = Set.of(
            "n_fft",
            "hop_length",
            "win_length",
            "window",
            "beta",
            "std",
            "center",
            "framing",
            "pad_mode",
            "floor",
            "floor_mode",
            "encoding",
            "sample_rate",
            "response_format",
            "algorithm",
            "timeout");

    /** Bytes held for each byte of a body that is held as a whole, while it is put together. */
    private static final int HELD_TWICE = 2;

    private final StreamedReconstruction reconstruction;
    private final Decoder decoder;
    private final long maxHeld;
    private final Flowing flowing;

    /** @param maxHeld bytes of a body that ffmpeg decodes */
    AudioStream(StreamedReconstruction reconstruction, Decoder decoder, long maxHeld, Flowing flowing) {
        this.reconstruction = reconstruction;
        this.decoder = decoder;
        this.maxHeld = maxHeld;
        this.flowing = flowing;
    }

    /** Whether a request can be streamed, and is long enough or of unknown length. */
    boolean takes(Sent request) {
        try {
            return flows(request);
        } catch (InvalidMediaTypeException e) {
            return false; // the other path reports the error
        }
    }

    private boolean flows(Sent request) {
        long size = request.length();
        return (from(request) != null || isForeign(request))
                && to(request) != null
                && (size < 0 || size >= flowing.limits().from().toBytes())
                && Flowing.isPlain(request, STREAMABLE)
                && Objects.requireNonNullElse(value(request, "algorithm"), "istft")
                        .equals("istft");
    }

    /** The format of the request's sound file, or null for any other body. */
    static @Nullable Form from(Sent request) {
        MediaType type = type(request.contentType());
        return Stream.of(Form.WAV, Form.FLAC)
                .filter(form -> form.isNamedBy(type))
                .findFirst()
                .orElse(null);
    }

    /** Whether the body is named as one that ffmpeg decodes, and can. */
    private boolean isForeign(Sent request) {
        MediaType type = type(request.contentType());
        return ForeignFormat.ofType(type.getType() + "/" + type.getSubtype()).isPresent() && decoder.missing() == null;
    }

    /** The sound file format of the response, WAV by default; null if the request names or allows another format. */
    static @Nullable Form to(Sent request) {
        String format = value(request, "response_format");
        List<MediaType> accepted = MediaType.parseMediaTypes(request.header(HttpHeaders.ACCEPT));
        return Stream.of(Form.WAV, Form.FLAC)
                .filter(form -> format == null
                        ? accepted.stream().allMatch(form::isNamedBy)
                        : form.extension().equalsIgnoreCase(format))
                .findFirst()
                .orElse(null);
    }

    private static MediaType type(@Nullable String contentType) {
        return contentType == null
                ? MediaType.APPLICATION_OCTET_STREAM
                : MediaType.parseMediaType(contentType).removeQualityValue();
    }

    static @Nullable String value(Sent request, String name) {
        String[] values = request.parameters().get(name);
        return values == null ? null : values[0];
    }

    void run(Sent request, Reply reply, MemoryBudget.Reservation memory) throws IOException {
        @Nullable Form from = from(request);
        Form to = requireNonNull(to(request));
        Parameters parameters = flowing.parameters(Endpoint.RECONSTRUCT, request);
        WavEncoding encoding = AnswerWriter.encoding(to, parameters);
        InputStream in = flowing.body(request);
        try (Spool spool = flowing.spools().open(request.client())) {
            Flow flow = new Flow(to, encoding, parameters, memory, spool);
            Flowed flowed = from != null
                    ? flow.run(open(from, in), flowing.patience(request, parameters))
                    : decoded(flow, type(request.contentType()), in, request.gone());
            memory.keep(flowing.limits().memory().toBytes(), "the answer");
            long computed = System.nanoTime();
            answer(reply, flowed);
            flowing.meters().stage(Endpoint.RECONSTRUCT.wireName(), Stage.ENCODE, computed, flowed.report());
        }
    }

    /** Holds a file that ffmpeg decodes, but not what it decodes to. */
    private Flowed decoded(Flow flow, MediaType type, InputStream in, BooleanSupplier gone) throws IOException {
        InputStream sound = Id3Tag.skip(in);
        ForeignFormat format = CallReader.foreign(type, CallReader.head(sound)).orElseThrow();
        byte[] bytes = new MeteredInputStream(sound, maxHeld, HELD_TWICE, flow.memory).readAllBytes();
        Duration timeout = flow.parameters.timeout(flowing.longest());
        Flowed flowed = decoder.decode(
                new ForeignFile(bytes, format),
                flow.memory.client(),
                new Patience(gone, timeout),
                // Who waits for all looks for the client; a thread that computes only keeps the time.
                frames -> flow.run(frames, new Patience(() -> false, timeout)));
        flowed.report().put("source_format", format.wireName());
        flowed.report().put("decoded_by", decoder.name());
        return flowed;
    }

    private void answer(Reply reply, Flowed flowed) throws IOException {
        long clipped = flowed.sound().answer(flowed.report(), reply, flowing.mapper());
        flowing.meters().clipped(Endpoint.RECONSTRUCT.wireName(), clipped);
    }

    /** What came of a file: samples in the spool, without their header. */
    private record Flowed(SpooledSound sound, Map<String, Object> report) {}

    /** One file on its way from a reader into a spool. */
    private final class Flow {

        private final Form to;
        private final WavEncoding encoding;
        private final Parameters parameters;
        private final MemoryBudget.Reservation memory;
        private final Spool spool;

        Flow(Form to, WavEncoding encoding, Parameters parameters, MemoryBudget.Reservation memory, Spool spool) {
            this.to = to;
            this.encoding = encoding;
            this.parameters = parameters;
            this.memory = memory;
            this.spool = spool;
        }

        Flowed run(AudioReader in, Patience patience) throws IOException {
            int channels = in.channels();
            int rate = in.sampleRate();
            Inputs.checkRate(parameters, rate);
            memory.add(flowing.limits().memory().toBytes() + SpooledSound.CODEC_BYTES * channels, "the answer");
            long start = System.nanoTime();
            SpooledSound sound = new SpooledSound(to, encoding, channels, rate, spool);
            Map<String, Object> report;
            try (Streams.Stream stream = flowing.open(patience, memory.client())) {
                report = reconstruction.run(in, parameters, memory, stream, sound.writer());
            }
            flowing.meters().computed(Endpoint.RECONSTRUCT, start, report);
            return new Flowed(sound, report);
        }
    }

    static AudioReader open(Form form, InputStream in) throws IOException {
        return form == Form.FLAC ? FlacReader.open(in) : WavReader.open(in);
    }
}
