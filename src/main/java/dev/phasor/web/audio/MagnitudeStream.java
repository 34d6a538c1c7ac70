package dev.phasor.web.audio;

import static java.util.Objects.requireNonNull;

import dev.phasor.codec.FlacWriter;
import dev.phasor.codec.NpyFrames;
import dev.phasor.codec.WavEncoding;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Patience;
import dev.phasor.compute.Spool;
import dev.phasor.compute.Streams;
import dev.phasor.operation.BlockwiseReconstruction;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.MagnitudeScan;
import dev.phasor.operation.Parameters;
import dev.phasor.reconstruction.Progress;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.web.telemetry.ComputeMeters.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * Turns a magnitude of any length into a sound file through {@code /v1/reconstruct}, in blocks. The array lies on the
 * disk: numpy's order has every frame of a bin before the next bin, and a block needs some frames of all bins.
 */
final class MagnitudeStream {

    /** The parameters that blocks support. Any other parameter needs the whole spectrogram. */
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
            "power",
            "input",
            "length",
            "sample_rate",
            "encoding",
            "response_format",
            "algorithm",
            "n_iter",
            "momentum",
            "tolerance",
            "init",
            "seed",
            "timeout");

    /** More than any header of an NPY file. */
    private static final int HEAD = 1 << 14;

    /** A multiple of every value's bytes. */
    private static final int BUFFER = 1 << 16;

    private final BlockwiseReconstruction reconstruction;
    private final long from;
    private final Flowing flowing;

    /** @param from bytes of the shortest body that is taken */
    MagnitudeStream(BlockwiseReconstruction reconstruction, long from, Flowing flowing) {
        this.reconstruction = reconstruction;
        this.from = from;
        this.flowing = flowing;
    }

    /** Whether the body may be a long magnitude; its first bytes decide, {@link #isMagnitude}. */
    boolean mayTake(Sent request) {
        try {
            return request.length() >= from
                    && isUntoldOrArray(request.contentType())
                    && AudioStream.to(request) != null
                    && Flowing.isPlain(request, SUPPORTED);
        } catch (InvalidMediaTypeException e) {
            return false; // the other path reports the error
        }
    }

    private static boolean isUntoldOrArray(@Nullable String type) {
        if (type == null) {
            return true;
        }
        MediaType named = MediaType.parseMediaType(type).removeQualityValue();
        return Form.NPY.isNamedBy(named) || named.equalsTypeAndSubtype(MediaType.APPLICATION_OCTET_STREAM);
    }

    /** The request, of which the first bytes were looked at. */
    static Begun begin(Sent request) throws IOException {
        return new Begun(request, HEAD);
    }

    /** Whether the body begins as a magnitude does. */
    static boolean isMagnitude(Begun request) throws IOException {
        String input = AudioStream.value(request, "input");
        return (input == null || input.equals("magnitude")) && NpyFrames.areIn(request.head());
    }

    void run(Sent request, Reply reply, MemoryBudget.Reservation memory, Progress progress) throws IOException {
        Form to = requireNonNull(AudioStream.to(request));
        Parameters parameters = flowing.parameters(Endpoint.RECONSTRUCT, request);
        WavEncoding encoding = AnswerWriter.encoding(to, parameters);
        String owner = request.client();
        InputStream body = flowing.body(request);
        memory.add(2L * BUFFER * Float.BYTES, "the body");
        NpyFrames array = NpyFrames.open(body);
        BlockwiseReconstruction.Task task = reconstruction.task(array, parameters);
        if (to == Form.FLAC) {
            FlacWriter.check(task.channels(), task.sampleRate());
        }
        try (Spool magnitudes = flowing.spools().onDisk(owner);
                Spool answer = flowing.spools().open(owner)) {
            long received = System.nanoTime();
            MagnitudeScan scan = receive(array, body, magnitudes);
            flowing.meters().stage(Endpoint.RECONSTRUCT.wireName(), Stage.DECODE, received, Map.of());
            long answerBytes = flowing.limits().memory().toBytes() + SpooledSound.CODEC_BYTES * task.channels();
            memory.add(answerBytes, "the answer");
            SpooledSound sound = new SpooledSound(to, encoding, task.channels(), task.sampleRate(), answer);
            Map<String, Object> report;
            long start = System.nanoTime();
            Patience patience = flowing.patience(request, parameters);
            try (Streams.Stream stream = flowing.open(patience, owner)) {
                report = task.run(magnitudes::read, scan, memory, stream, sound.writer(), progress);
            }
            flowing.meters().computed(Endpoint.RECONSTRUCT, start, report);
            memory.keep(flowing.limits().memory().toBytes(), "the answer");
            long computed = System.nanoTime();
            flowing.meters().clipped(Endpoint.RECONSTRUCT.wireName(), sound.answer(report, reply, flowing.mapper()));
            flowing.meters().stage(Endpoint.RECONSTRUCT.wireName(), Stage.ENCODE, computed, report);
        }
    }

    /** Stores the data of an array, and refuses them where they are none of a magnitude. */
    private static MagnitudeScan receive(NpyFrames array, InputStream body, Spool spool) throws IOException {
        MagnitudeScan scan = new MagnitudeScan(array);
        byte[] bytes = new byte[BUFFER];
        float[] values = new float[BUFFER];
        long left = array.bytes();
        while (left > 0) {
            int wanted = (int) Math.min(BUFFER, left);
            int got = body.readNBytes(bytes, 0, wanted);
            if (got < wanted) {
                throw new InvalidInputException(
                        Code.MALFORMED_NPY,
                        "shape " + array.shape() + " declares " + array.bytes() + " bytes of data, "
                                + (array.bytes() - left + got) + " present");
            }
            scan.take(ByteBuffer.wrap(bytes, 0, got), values);
            spool.write(bytes, 0, got);
            left -= got;
        }
        if (body.read() >= 0) {
            throw new InvalidInputException(
                    Code.MALFORMED_NPY, "there must be no bytes after the data of shape " + array.shape());
        }
        scan.check();
        return scan;
    }
}
