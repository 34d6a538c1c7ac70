package dev.phasor.web.audio;

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
import dev.phasor.compute.Streams.Stream;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Maxima;
import dev.phasor.operation.Parameters;
import dev.phasor.operation.StreamedReconstruction;
import dev.phasor.web.connection.Client;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import tools.jackson.databind.ObjectMapper;

/** WAV to WAV through {@code /v1/reconstruct}, in blocks, where the answer needs nothing that only the whole could give. */
final class AudioStream {

    /** Parameters that leave a sound file what it is: with any other the whole spectrogram is needed. */
    private static final Set<String> STREAMABLE = Set.of(
            "n_fft",
            "hop_length",
            "win_length",
            "window",
            "beta",
            "std",
            "center",
            "pad_mode",
            "floor",
            "floor_mode",
            "encoding",
            "sample_rate",
            "response_format",
            "algorithm",
            "timeout");

    private final StreamedReconstruction reconstruction;
    private final Streams streams;
    private final int longest;
    private final StreamLimits limits;
    private final ClientLimits client;
    private final Spools spools;
    private final Maxima maxima;
    private final ObjectMapper mapper;

    AudioStream(
            StreamedReconstruction reconstruction,
            Streams streams,
            int longest,
            StreamLimits limits,
            ClientLimits client,
            Spools spools,
            Maxima maxima,
            ObjectMapper mapper) {
        this.reconstruction = reconstruction;
        this.streams = streams;
        this.longest = longest;
        this.limits = limits;
        this.client = client;
        this.spools = spools;
        this.maxima = maxima;
        this.mapper = mapper;
    }

    /** Whether a request can flow, and is worth it. */
    boolean takes(HttpServletRequest request) {
        try {
            return flows(request);
        } catch (InvalidMediaTypeException e) {
            return false; // the other way says what is wrong with it
        }
    }

    private boolean flows(HttpServletRequest request) {
        long size = request.getContentLengthLong();
        String format = value(request, "response_format", "wav");
        return Form.WAV.isNamedBy(type(request.getContentType()))
                && (size < 0 || size >= limits.from().toBytes())
                && request.getHeader(HttpHeaders.CONTENT_ENCODING) == null
                && request.getParameterMap().values().stream().allMatch(values -> values.length == 1)
                && STREAMABLE.containsAll(request.getParameterMap().keySet())
                && value(request, "algorithm", "istft").equals("istft")
                && format.equalsIgnoreCase(Form.WAV.extension())
                && (request.getParameter("response_format") != null
                        || MediaType.parseMediaTypes(request.getHeader(HttpHeaders.ACCEPT)).stream()
                                .allMatch(Form.WAV::isNamedBy));
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
        Parameters parameters = new Parameters(Endpoint.RECONSTRUCT, values, maxima);
        WavEncoding encoding = parameters.choice("encoding", WavEncoding.FLOAT32);
        MeteredInputStream body = MeteredInputStream.limited(
                request.getInputStream(), limits.maxUpload().toBytes(), "phasor.stream.max-upload");
        WavReader in = WavReader.open(new BufferedInputStream(body, 1 << 16));
        int channels = in.format().channels();
        int rate = parameters.integer("sample_rate", in.format().sampleRate(), 1, Integer.MAX_VALUE);
        memory.add(limits.memory().toBytes(), "the answer");
        Patience patience = new Patience(Client.of(request)::gone, parameters.timeout(longest));
        try (Spool spool = spools.open()) {
            WavWriter out = WavWriter.withoutHeader(spool, encoding, channels, rate);
            Map<String, Object> report;
            try (Stream stream = streams.open(patience, Client.nameOf(request), client.streams())) {
                report = reconstruction.run(in, parameters, memory, stream, out);
            }
            report.put("clipped", out.finish());
            byte[] header = WavWriter.header(encoding, channels, rate, out.frames());
            response.setContentType(Form.WAV.type().toString());
            response.setContentLengthLong(header.length + spool.size());
            response.setHeader(AnswerWriter.REPORT, mapper.writeValueAsString(ReportHeader.of(report)));
            response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"audio.wav\"");
            OutputStream answer = response.getOutputStream();
            answer.write(header);
            spool.copyTo(answer);
            answer.flush();
        }
    }
}
