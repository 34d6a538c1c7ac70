package dev.phasor.web.audio;

import static java.util.Objects.requireNonNull;

import dev.phasor.codec.ComplexFrames;
import dev.phasor.codec.FlacWriter;
import dev.phasor.codec.WavEncoding;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Spool;
import dev.phasor.compute.Streams;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Parameters;
import dev.phasor.operation.StreamedSynthesis;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.web.telemetry.ComputeMeters.Stage;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.InvalidMediaTypeException;

/**
 * Turns a complex spectrogram of any length into a sound file through {@code /v1/istft}, block by block, where its
 * frames come one after the other: an NPY in numpy's Fortran order.
 */
final class ComplexStream {

    /** The parameters that blocks support. */
    private static final Set<String> SUPPORTED =
            Flowing.transformAnd("length", "sample_rate", "encoding", "response_format", "timeout");

    /** What such a request is anyway. */
    private static final Map<String, String> DEFAULTS = Map.of("layout", "complex");

    private final StreamedSynthesis synthesis;
    private final long mostHeld;
    private final Flowing flowing;

    /** @param mostHeld bytes of the longest body that is held */
    ComplexStream(StreamedSynthesis synthesis, long mostHeld, Flowing flowing) {
        this.synthesis = synthesis;
        this.mostHeld = mostHeld;
        this.flowing = flowing;
    }

    /** Whether the body may be such a spectrogram; its first bytes decide, {@link #takes}. */
    boolean mayTake(Sent request) {
        try {
            return (request.length() < 0
                            || request.length() >= flowing.limits().from().toBytes())
                    && MagnitudeStream.isUntoldOrArray(request.contentType())
                    && AudioStream.to(request) != null
                    && Flowing.isPlain(Endpoint.ISTFT, request, SUPPORTED, DEFAULTS);
        } catch (InvalidMediaTypeException e) {
            return false; // the other path reports the error
        }
    }

    /** Whether the body begins as such a spectrogram does. */
    boolean takes(Begun request) throws IOException {
        Optional<ComplexFrames> frames = ComplexFrames.in(request.head());
        try {
            return frames.isPresent()
                    && synthesis.takes(frames.get(), flowing.parameters(Endpoint.ISTFT, request), mostHeld);
        } catch (InvalidInputException e) {
            return false; // the other path reports the error
        }
    }

    void run(Begun request, Reply reply, MemoryBudget.Reservation memory) throws IOException {
        Form to = requireNonNull(AudioStream.to(request));
        Parameters parameters = flowing.parameters(Endpoint.ISTFT, request);
        WavEncoding encoding = AnswerWriter.encoding(to, parameters);
        ComplexFrames frames = ComplexFrames.in(flowing.body(request)).orElseThrow();
        StreamedSynthesis.Task task = synthesis.task(frames, parameters);
        if (to == Form.FLAC) {
            FlacWriter.check(task.channels(), task.sampleRate());
        }
        try (Spool spool = flowing.spools().open(request.client())) {
            memory.add(flowing.limits().memory().toBytes() + SpooledSound.CODEC_BYTES * task.channels(), "the answer");
            SpooledSound sound = new SpooledSound(to, encoding, task.channels(), task.sampleRate(), spool);
            long start = System.nanoTime();
            Map<String, Object> report;
            try (Streams.Stream stream = flowing.open(flowing.patience(request, parameters), request.client())) {
                report = task.run(memory, stream, sound.writer());
            }
            flowing.meters().computed(Endpoint.ISTFT, start, report);
            memory.keep(flowing.limits().memory().toBytes(), "the answer");
            long computed = System.nanoTime();
            flowing.meters().clipped(Endpoint.ISTFT.wireName(), sound.answer(report, reply, flowing.mapper()));
            flowing.meters().stage(Endpoint.ISTFT.wireName(), Stage.ENCODE, computed, report);
        }
    }
}
