package dev.phasor.web.audio;

import static java.util.Objects.requireNonNull;

import dev.phasor.codec.AudioReader;
import dev.phasor.codec.NpyWriter;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Patience;
import dev.phasor.compute.Spool;
import dev.phasor.compute.Streams;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Inputs;
import dev.phasor.operation.Parameters;
import dev.phasor.operation.StreamedAnalysis;
import dev.phasor.operation.StreamedAnalysis.Written;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.web.telemetry.ComputeMeters.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

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
    private final Flowing flowing;

    /** @param from bytes of the shortest answer that is written to the disk, by the file's size */
    SpectrogramStream(StreamedAnalysis analysis, long from, Flowing flowing) {
        this.analysis = analysis;
        this.from = from;
        this.flowing = flowing;
    }

    /** Whether the answer is about that long. */
    boolean takes(Sent request) {
        try {
            return request.length() > 0
                    && AudioStream.from(request) != null
                    && allowsArrays(request)
                    && Flowing.isPlain(request, SUPPORTED)
                    && request.length()
                                    / SAMPLE_BYTES
                                    * analysis.bytesPerSample(flowing.parameters(Endpoint.STFT, request))
                            >= from;
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

    void run(Sent request, Reply reply, MemoryBudget.Reservation memory) throws IOException {
        Parameters parameters = flowing.parameters(Endpoint.STFT, request);
        InputStream in = flowing.body(request);
        AudioReader sound = AudioStream.open(requireNonNull(AudioStream.from(request)), in);
        Inputs.checkRate(parameters, sound.sampleRate());
        memory.add(flowing.limits().memory().toBytes() + SpooledSound.CODEC_BYTES * sound.channels(), "the answer");
        String owner = request.client();
        Patience patience = flowing.patience(request, parameters);
        try (Spool spool = flowing.spools().open(owner)) {
            long start = System.nanoTime();
            Written written;
            try (Streams.Stream stream = flowing.open(patience, owner)) {
                written = analysis.run(sound, parameters, memory, stream, spool);
            }
            flowing.meters().computed(Endpoint.STFT, start, written.report());
            memory.keep(flowing.limits().memory().toBytes(), "the answer");
            long computed = System.nanoTime();
            byte[] header = NpyWriter.columnMajorHeader(written.complex(), written.sizes());
            reply.type(Form.NPY.type().toString());
            reply.length(header.length + spool.size());
            reply.header(AnswerWriter.REPORT, flowing.mapper().writeValueAsString(ReportHeader.of(written.report())));
            reply.header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + written.name() + ".npy\"");
            OutputStream answer = reply.body();
            answer.write(header);
            spool.copyTo(answer);
            answer.flush();
            flowing.meters().stage(Endpoint.STFT.wireName(), Stage.ENCODE, computed, written.report());
        }
    }
}
