package dev.phasor.web.audio;

import static java.util.Objects.requireNonNull;

import dev.phasor.codec.WavEncoding;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Spool;
import dev.phasor.compute.Streams;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Parameters;
import dev.phasor.operation.StreamedReconstruction;
import dev.phasor.web.telemetry.ComputeMeters.Stage;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;

/**
 * Turns a sound file into a sound file through {@code /v1/reconstruct}, block by block. Neither the spectrogram nor the
 * signal is held as a whole.
 */
final class AudioStream {

    /** The parameters that streaming supports. Any other parameter needs the whole spectrogram. */
    private static final Set<String> STREAMABLE = Flowing.transformAnd(
            "floor", "floor_mode", "encoding", "sample_rate", "resample_to", "response_format", "algorithm", "timeout");

    /** What such a request is anyway. */
    private static final Map<String, String> DEFAULTS = Map.of("input", "audio");

    private final StreamedReconstruction reconstruction;
    private final SoundBody body;
    private final Flowing flowing;

    AudioStream(StreamedReconstruction reconstruction, SoundBody body, Flowing flowing) {
        this.reconstruction = reconstruction;
        this.body = body;
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
        return body.isSound(request)
                && to(request) != null
                && (size < 0 || size >= flowing.limits().from().toBytes())
                && Flowing.isPlain(Endpoint.RECONSTRUCT, request, STREAMABLE, DEFAULTS)
                && Objects.requireNonNullElse(value(request, "algorithm"), "istft")
                        .equals("istft");
    }

    /** The sound file format of the response, WAV by default; null if the request asks for another format. */
    static @Nullable Form to(Sent request) {
        String format = value(request, "response_format");
        @Nullable
        Form accepted = format == null ? Form.accepted(Form.OF_AUDIO, request.header(HttpHeaders.ACCEPT)) : null;
        return Stream.of(Form.WAV, Form.FLAC)
                .filter(form ->
                        format == null ? form == accepted : form.extension().equalsIgnoreCase(format))
                .findFirst()
                .orElse(null);
    }

    static @Nullable String value(Sent request, String name) {
        String[] values = request.parameters().get(name);
        return values == null ? null : values[0];
    }

    void run(Sent request, Reply reply, MemoryBudget.Reservation memory) throws IOException {
        Form to = requireNonNull(to(request));
        Parameters parameters = flowing.parameters(Endpoint.RECONSTRUCT, request);
        WavEncoding encoding = AnswerWriter.encoding(to, parameters);
        try (Spool spool = flowing.spools().open(request.client())) {
            Map<String, Object> report = new LinkedHashMap<>();
            SpooledSound answer = body.read(request, parameters, memory, report, (in, patience) -> {
                int channels = in.channels();
                memory.add(flowing.limits().memory().toBytes() + SpooledSound.CODEC_BYTES * channels, "the answer");
                long start = System.nanoTime();
                SpooledSound sound = new SpooledSound(to, encoding, channels, in.sampleRate(), spool);
                try (Streams.Stream stream = flowing.open(patience, memory.client())) {
                    report.putAll(reconstruction.run(in, parameters, memory, stream, sound.writer()));
                }
                flowing.meters().computed(Endpoint.RECONSTRUCT, start, report);
                return sound;
            });
            memory.keep(flowing.limits().memory().toBytes(), "the answer");
            long computed = System.nanoTime();
            long clipped = answer.answer(report, reply, flowing.mapper());
            flowing.meters().clipped(Endpoint.RECONSTRUCT.wireName(), clipped);
            flowing.meters().stage(Endpoint.RECONSTRUCT.wireName(), Stage.ENCODE, computed, report);
        }
    }
}
