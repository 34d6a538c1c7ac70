package dev.phasor.web.audio;

import static java.util.Objects.requireNonNull;

import dev.phasor.codec.AudioReader;
import dev.phasor.codec.NpyWriter;
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
import dev.phasor.operation.StreamedAnalysis;
import dev.phasor.operation.StreamedAnalysis.Written;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.web.telemetry.ComputeMeters;
import dev.phasor.web.telemetry.ComputeMeters.Stage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import tools.jackson.databind.ObjectMapper;

/**
 * Turns a sound file of any length into its spectrogram through {@code /v1/stft}. The array waits on the disk; its
 * first axis varies fastest (numpy's Fortran order), since its frames come one after the other.
 */
final class SpectrogramStream {

    /** The parameters that streaming supports. */
    private static final Set<String> SUPPORTED = Set.of(
            "n_fft",
            "hop_length",
            "win_length",
            "window",
            "beta",
            "std",
            "center",
            "framing",
            "pad_mode",
            "output",
            "sample_rate",
            "response_format",
            "timeout");

    /** Bytes of a sample in most files. */
    private static final int SAMPLE_BYTES = 2;

    private final StreamedAnalysis analysis;
    private final long from;
    private final Streams streams;
    private final int longest;
    private final StreamLimits limits;
    private final ClientLimits client;
    private final Spools spools;
    private final Maxima maxima;
    private final ObjectMapper mapper;
    private final ComputeMeters meters;

    /** @param from bytes of the shortest answer that is written to the disk, by the file's size */
    SpectrogramStream(
            StreamedAnalysis analysis,
            long from,
            Streams streams,
            int longest,
            StreamLimits limits,
            ClientLimits client,
            Spools spools,
            Maxima maxima,
            ObjectMapper mapper,
            ComputeMeters meters) {
        this.analysis = analysis;
        this.from = from;
        this.streams = streams;
        this.longest = longest;
        this.limits = limits;
        this.client = client;
        this.spools = spools;
        this.maxima = maxima;
        this.mapper = mapper;
        this.meters = meters;
    }

    /** Whether the answer is about that long. */
    boolean takes(Sent request) {
        try {
            return request.length() > 0
                    && AudioStream.from(request) != null
                    && allowsArrays(request)
                    && request.header(HttpHeaders.CONTENT_ENCODING) == null
                    && request.parameters().values().stream().allMatch(values -> values.length == 1)
                    && SUPPORTED.containsAll(request.parameters().keySet())
                    && request.length() / SAMPLE_BYTES * analysis.bytesPerSample(parameters(request)) >= from;
        } catch (InvalidMediaTypeException | InvalidInputException e) {
            return false; // the other path reports the error
        }
    }

    private static boolean allowsArrays(Sent request) {
        String format = AudioStream.value(request, "response_format");
        List<MediaType> accepted = MediaType.parseMediaTypes(request.header(HttpHeaders.ACCEPT));
        return format == null
                ? accepted.stream().allMatch(Form.NPY::isNamedBy)
                : format.equalsIgnoreCase(Form.NPY.extension());
    }

    private Parameters parameters(Sent request) {
        Map<String, String> values = new HashMap<>();
        request.parameters().forEach((name, all) -> values.put(name, all[0]));
        return new Parameters(Endpoint.STFT, values, maxima);
    }

    void run(Sent request, Reply reply, MemoryBudget.Reservation memory) throws IOException {
        Parameters parameters = parameters(request);
        InputStream in = new BufferedInputStream(
                MeteredInputStream.limited(request.body(), limits.maxUpload().toBytes(), "phasor.stream.max-upload"),
                1 << 16);
        AudioReader sound = AudioStream.open(requireNonNull(AudioStream.from(request)), in);
        Inputs.checkRate(parameters, sound.sampleRate());
        memory.add(limits.memory().toBytes() + SpooledSound.CODEC_BYTES * sound.channels(), "the answer");
        String owner = request.client();
        Patience patience = new Patience(request.gone(), parameters.timeout(longest));
        try (Spool spool = spools.open(owner)) {
            long start = System.nanoTime();
            Written written;
            try (Streams.Stream stream = streams.open(patience, owner, client.streams())) {
                written = analysis.run(sound, parameters, memory, stream, spool);
            }
            meters.computed(Endpoint.STFT, start, written.report());
            memory.keep(limits.memory().toBytes(), "the answer");
            long computed = System.nanoTime();
            byte[] header = NpyWriter.columnMajorHeader(written.complex(), written.sizes());
            reply.type(Form.NPY.type().toString());
            reply.length(header.length + spool.size());
            reply.header(AnswerWriter.REPORT, mapper.writeValueAsString(ReportHeader.of(written.report())));
            reply.header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + written.name() + ".npy\"");
            OutputStream answer = reply.body();
            answer.write(header);
            spool.copyTo(answer);
            answer.flush();
            meters.stage(Endpoint.STFT.wireName(), Stage.ENCODE, computed, written.report());
        }
    }
}
