package dev.phasor.web.audio;

import static java.util.Objects.requireNonNull;

import dev.phasor.codec.AudioReader;
import dev.phasor.codec.AudioWriter;
import dev.phasor.codec.FlacReader;
import dev.phasor.codec.FlacWriter;
import dev.phasor.codec.WavEncoding;
import dev.phasor.codec.WavReader;
import dev.phasor.codec.WavWriter;
import dev.phasor.compute.ClientLimits;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.MeteredInputStream;
import dev.phasor.compute.Patience;
import dev.phasor.compute.Spool;
import dev.phasor.compute.Spools;
import dev.phasor.compute.StreamLimits;
import dev.phasor.compute.Streams;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Inputs;
import dev.phasor.operation.Maxima;
import dev.phasor.operation.Parameters;
import dev.phasor.operation.StreamedReconstruction;
import dev.phasor.web.connection.Client;
import dev.phasor.web.telemetry.ComputeMeters;
import dev.phasor.web.telemetry.ComputeMeters.Stage;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import tools.jackson.databind.ObjectMapper;

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

    /** Bytes per channel of the decoder and encoder: a FLAC frame has at most 65535 samples of 8 + 4 bytes. */
    private static final long CODEC_BYTES = (1 << 16) * (long) (Long.BYTES + Integer.BYTES);

    private final StreamedReconstruction reconstruction;
    private final Streams streams;
    private final int longest;
    private final StreamLimits limits;
    private final ClientLimits client;
    private final Spools spools;
    private final Maxima maxima;
    private final ObjectMapper mapper;
    private final ComputeMeters meters;

    AudioStream(
            StreamedReconstruction reconstruction,
            Streams streams,
            int longest,
            StreamLimits limits,
            ClientLimits client,
            Spools spools,
            Maxima maxima,
            ObjectMapper mapper,
            ComputeMeters meters) {
        this.reconstruction = reconstruction;
        this.streams = streams;
        this.longest = longest;
        this.limits = limits;
        this.client = client;
        this.spools = spools;
        this.maxima = maxima;
        this.mapper = mapper;
        this.meters = meters;
    }

    /** Whether a request can be streamed, and is long enough or of unknown length. */
    boolean takes(HttpServletRequest request) {
        try {
            return flows(request);
        } catch (InvalidMediaTypeException e) {
            return false; // the other path reports the error
        }
    }

    private boolean flows(HttpServletRequest request) {
        long size = request.getContentLengthLong();
        return from(request) != null
                && to(request) != null
                && (size < 0 || size >= limits.from().toBytes())
                && request.getHeader(HttpHeaders.CONTENT_ENCODING) == null
                && request.getParameterMap().values().stream().allMatch(values -> values.length == 1)
                && STREAMABLE.containsAll(request.getParameterMap().keySet())
                && value(request, "algorithm", "istft").equals("istft");
    }

    /** The format of the request's sound file, or null for any other body. */
    private static @Nullable Form from(HttpServletRequest request) {
        MediaType type = type(request.getContentType());
        return Stream.of(Form.WAV, Form.FLAC)
                .filter(form -> form.isNamedBy(type))
                .findFirst()
                .orElse(null);
    }

    /** The sound file format of the response, WAV by default; null if the request names or allows another format. */
    private static @Nullable Form to(HttpServletRequest request) {
        String format = request.getParameter("response_format");
        List<MediaType> accepted = MediaType.parseMediaTypes(request.getHeader(HttpHeaders.ACCEPT));
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

    private static String value(HttpServletRequest request, String name, String fallback) {
        String value = request.getParameter(name);
        return value == null ? fallback : value;
    }

    void run(HttpServletRequest request, HttpServletResponse response, MemoryBudget.Reservation memory)
            throws IOException {
        Map<String, String> values = new HashMap<>();
        request.getParameterMap().forEach((name, all) -> values.put(name, all[all.length - 1]));
        Form from = requireNonNull(from(request));
        Form to = requireNonNull(to(request));
        Parameters parameters = new Parameters(Endpoint.RECONSTRUCT, values, maxima);
        WavEncoding encoding = AnswerWriter.encoding(to, parameters);
        MeteredInputStream body = MeteredInputStream.limited(
                request.getInputStream(), limits.maxUpload().toBytes(), "phasor.stream.max-upload");
        AudioReader in = open(from, new BufferedInputStream(body, 1 << 16));
        int channels = in.channels();
        int rate = in.sampleRate();
        Inputs.checkRate(parameters, rate);
        memory.add(limits.memory().toBytes() + CODEC_BYTES * channels, "the answer");
        Patience patience = new Patience(Client.of(request)::gone, parameters.timeout(longest));
        long start = System.nanoTime();
        try (Spool spool = spools.open(Client.nameOf(request))) {
            AudioWriter out = to == Form.FLAC
                    ? FlacWriter.withoutHeader(spool, encoding.bits(), channels, rate)
                    : WavWriter.withoutHeader(spool, encoding, channels, rate);
            Map<String, Object> report;
            try (Streams.Stream stream = streams.open(patience, Client.nameOf(request), client.streams())) {
                report = reconstruction.run(in, parameters, memory, stream, out);
            }
            memory.keep(limits.memory().toBytes(), "the answer");
            meters.computed(Endpoint.RECONSTRUCT, start, report);
            long computed = System.nanoTime();
            long clipped = out.finish();
            report.put("clipped", clipped);
            meters.clipped(Endpoint.RECONSTRUCT.wireName(), clipped);
            byte[] header = to == Form.FLAC
                    ? FlacWriter.header(encoding.bits(), channels, rate, out.frames())
                    : WavWriter.header(encoding, channels, rate, out.frames());
            response.setContentType(to.type().toString());
            response.setContentLengthLong(header.length + spool.size());
            response.setHeader(AnswerWriter.REPORT, mapper.writeValueAsString(ReportHeader.of(report)));
            response.setHeader(
                    HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"audio." + to.extension() + "\"");
            OutputStream answer = response.getOutputStream();
            answer.write(header);
            spool.copyTo(answer);
            answer.flush();
            meters.stage(Endpoint.RECONSTRUCT.wireName(), Stage.ENCODE, computed, report);
        }
    }

    private static AudioReader open(Form form, InputStream in) throws IOException {
        return form == Form.FLAC ? FlacReader.open(in) : WavReader.open(in);
    }
}
