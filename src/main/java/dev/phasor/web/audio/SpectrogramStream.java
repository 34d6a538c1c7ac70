package dev.phasor.web.audio;

import dev.phasor.codec.NpyWriter;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Spool;
import dev.phasor.compute.Streams;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Parameter;
import dev.phasor.operation.Parameters;
import dev.phasor.operation.StreamedAnalysis;
import dev.phasor.operation.StreamedAnalysis.Written;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.web.telemetry.ComputeMeters.Stage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;

/**
 * Turns a sound file of any length into its spectrogram through {@code /v1/stft}. The array waits on the disk; its
 * first axis varies fastest (numpy's Fortran order), since its frames come one after the other.
 */
final class SpectrogramStream {

    /** The parameters that streaming supports. */
    private static final Set<String> SUPPORTED =
            Flowing.transformAnd("output", "sample_rate", "resample_to", "response_format", "timeout");

    /** What such a request is anyway. */
    private static final Map<String, String> DEFAULTS = Map.of("layout", "complex");

    /** Of a channel in each byte, in most files. */
    private static final double SAMPLES = 0.5;

    /** The same of what ffmpeg decodes: of MP3 at 128 kbit/s 5, of speech in Opus at 24 kbit/s 16. */
    private static final double COMPRESSED_SAMPLES = 8;

    /** In Hz. The rate of a file is not known before it is read. */
    private static final double LEAST_USUAL_RATE = 8000;

    private final StreamedAnalysis analysis;
    private final long from;
    private final SoundBody body;
    private final Flowing flowing;

    /** @param from bytes of the shortest answer that is written to the disk, by the file's size */
    SpectrogramStream(StreamedAnalysis analysis, long from, SoundBody body, Flowing flowing) {
        this.analysis = analysis;
        this.from = from;
        this.body = body;
        this.flowing = flowing;
    }

    /** Whether the answer is about that long, or nobody knows how long. */
    boolean takes(Sent request) {
        try {
            return body.isSound(request)
                    && allowsArrays(request)
                    && Flowing.isPlain(Endpoint.STFT, request, SUPPORTED, DEFAULTS)
                    && (request.length() < 0 || bytes(request) >= from);
        } catch (InvalidMediaTypeException | InvalidInputException e) {
            return false; // the other path reports the error
        }
    }

    /** About how long the answer is, rather too much than too little. */
    private double bytes(Sent request) {
        Parameters parameters = flowing.parameters(Endpoint.STFT, request);
        double samples = request.length() * (body.isForeign(request) ? COMPRESSED_SAMPLES : SAMPLES);
        double times = parameters
                .find(Parameter.RESAMPLE_TO)
                .map(rate -> Math.max(1, rate / LEAST_USUAL_RATE))
                .orElse(1.0);
        return samples * times * analysis.bytesPerSample(parameters);
    }

    private static boolean allowsArrays(Sent request) {
        String format = AudioStream.value(request, "response_format");
        return format == null
                ? Form.accepted(Form.OF_ARRAY, request.header(HttpHeaders.ACCEPT)) == Form.NPY
                : format.equalsIgnoreCase(Form.NPY.extension());
    }

    void run(Sent request, Reply reply, MemoryBudget.Reservation memory) throws IOException {
        Parameters parameters = flowing.parameters(Endpoint.STFT, request);
        try (Spool spool = flowing.spools().open(request.client())) {
            Map<String, Object> report = new LinkedHashMap<>();
            Written written = body.read(request, parameters, memory, report, (sound, patience) -> {
                memory.add(
                        flowing.limits().memory().toBytes() + SpooledSound.CODEC_BYTES * sound.channels(),
                        "the answer");
                long start = System.nanoTime();
                try (Streams.Stream stream = flowing.open(patience, memory.client())) {
                    Written all = analysis.run(sound, parameters, memory, stream, spool);
                    report.putAll(all.report());
                    flowing.meters().computed(Endpoint.STFT, start, report);
                    return all;
                }
            });
            memory.keep(flowing.limits().memory().toBytes(), "the answer");
            long computed = System.nanoTime();
            byte[] header = NpyWriter.columnMajorHeader(written.complex(), written.sizes());
            reply.type(Form.NPY.type().toString());
            reply.length(header.length + spool.size());
            reply.header(AnswerWriter.REPORT, flowing.mapper().writeValueAsString(ReportHeader.of(report)));
            reply.header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + written.name() + ".npy\"");
            OutputStream answer = reply.body();
            answer.write(header);
            spool.copyTo(answer);
            answer.flush();
            flowing.meters().stage(Endpoint.STFT.wireName(), Stage.ENCODE, computed, report);
        }
    }
}
