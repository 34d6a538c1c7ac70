package dev.phasor.web.audio;

import static dev.phasor.signal.InvalidInputException.badParameter;
import static java.util.Objects.requireNonNull;

import dev.phasor.codec.FlacWriter;
import dev.phasor.codec.NpyFrames;
import dev.phasor.codec.NpzStream;
import dev.phasor.codec.WavEncoding;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Patience;
import dev.phasor.compute.Spool;
import dev.phasor.compute.Streams;
import dev.phasor.operation.BlockwiseReconstruction;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Input;
import dev.phasor.operation.MagnitudeScan;
import dev.phasor.operation.Parameters;
import dev.phasor.reconstruction.Progress;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.web.telemetry.ComputeMeters.Stage;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
    private static final Set<String> SUPPORTED = Flowing.transformAnd(
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

    /** What {@code output=power} answers: a magnitude with {@code power=2}. */
    private static final String POWER = "power";

    private static final Set<Input> MAGNITUDES = Set.of(Input.MAGNITUDE, Input.FILE);

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

    /** Whether the body may be a long magnitude; its first bytes decide, {@link #isLong}. */
    boolean mayTake(Sent request) {
        try {
            return (request.length() < 0 || request.length() >= from)
                    && isUntoldOrArray(request.contentType())
                    && AudioStream.to(request) != null
                    && Flowing.isPlain(Endpoint.RECONSTRUCT, request, SUPPORTED);
        } catch (InvalidMediaTypeException e) {
            return false; // the other path reports the error
        }
    }

    /** Whether a body of this type may be an array. */
    static boolean isUntoldOrArray(@Nullable String type) {
        if (type == null) {
            return true;
        }
        MediaType named = MediaType.parseMediaType(type).removeQualityValue();
        return Form.NPY.isNamedBy(named)
                || Form.NPZ.isNamedBy(named)
                || named.equalsTypeAndSubtype(MediaType.APPLICATION_OCTET_STREAM);
    }

    /**
     * Whether the body begins as a long magnitude does: an NPY, or an NPZ whose first array is one by its name, or has
     * the name of no other input.
     */
    boolean isLong(Begun request) throws IOException {
        String input = AudioStream.value(request, "input");
        if (input != null && !input.equals("magnitude")) {
            return false;
        }
        Optional<NpyFrames> array = isNpz(request)
                ? NpzStream.first(request.head())
                        .filter(entry -> Input.find(entry.name())
                                .map(MAGNITUDES::contains)
                                .orElse(true))
                        .map(NpzStream.Entry::array)
                : NpyFrames.in(request.head());
        // What an NPZ deflates is long where its array is, and the length of other bodies may be unknown.
        return array.isPresent() && array.get().bytes() >= from;
    }

    private static boolean isNpz(Begun request) throws IOException {
        return new String(request.head().readNBytes(2), StandardCharsets.ISO_8859_1).equals("PK");
    }

    void run(Begun request, Reply reply, MemoryBudget.Reservation memory, Progress progress) throws IOException {
        Form to = requireNonNull(AudioStream.to(request));
        Parameters sent = flowing.parameters(Endpoint.RECONSTRUCT, request);
        WavEncoding encoding = AnswerWriter.encoding(to, sent);
        String owner = request.client();
        boolean npz = isNpz(request);
        BufferedInputStream body = flowing.body(request);
        memory.add(2L * BUFFER * Float.BYTES, "the body");
        try (Spool magnitudes = flowing.spools().onDisk(owner);
                Spool answer = flowing.spools().open(owner)) {
            long received = System.nanoTime();
            Received came = npz ? fromNpz(request, body, magnitudes) : fromNpy(sent, to, body, magnitudes);
            Parameters parameters = came.parameters();
            MagnitudeScan scan = came.scan();
            BlockwiseReconstruction.Task task = task(came.array(), parameters, to);
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

    /** A magnitude whose data are in a spool, and what the request says of it. */
    private record Received(NpyFrames array, MagnitudeScan scan, Parameters parameters) {}

    /** @throws InvalidInputException where blocks cannot do what is asked for */
    private BlockwiseReconstruction.Task task(NpyFrames array, Parameters parameters, Form to) {
        BlockwiseReconstruction.Task task = reconstruction.task(array, parameters);
        if (to == Form.FLAC) {
            FlacWriter.check(task.channels(), task.sampleRate());
        }
        return task;
    }

    private Received fromNpy(Parameters parameters, Form to, InputStream body, Spool spool) throws IOException {
        NpyFrames array = NpyFrames.open(body);
        task(array, parameters, to); // refuses before all has come
        MagnitudeScan scan = receive(array, body, spool);
        if (body.read() >= 0) {
            throw new InvalidInputException(
                    Code.MALFORMED_NPY, "there must be no bytes after the data of shape " + array.shape());
        }
        return new Received(array, scan, parameters);
    }

    /** The magnitude is the only array; values without an axis are parameters. */
    private Received fromNpz(Begun request, BufferedInputStream body, Spool spool) throws IOException {
        Map<String, String> described = new HashMap<>();
        NpyFrames array = null;
        MagnitudeScan scan = null;
        try (NpzStream npz = new NpzStream(body)) {
            for (Optional<NpzStream.Entry> next = npz.next(); next.isPresent(); next = npz.next()) {
                NpzStream.Entry entry = next.get();
                if (entry.array() == null) {
                    described.put(entry.name(), requireNonNull(entry.scalar()));
                    continue;
                }
                if (array != null) {
                    throw badParameter(
                            "the input " + entry.name(),
                            "left out beside a magnitude of " + array.bytes()
                                    + " bytes, which is reconstructed in blocks (phasor.blocks.from)",
                            "it");
                }
                array = entry.array();
                long most = flowing.limits().maxUpload().toBytes();
                if (array.bytes() > most) {
                    throw new InvalidInputException(
                            Code.TOO_LARGE,
                            "an array must be at most " + most + " bytes (phasor.stream.max-upload), got "
                                    + array.bytes());
                }
                if (entry.name().equals(POWER)) {
                    described.put(POWER, "2");
                }
                scan = receive(array, npz.data(), spool);
                npz.end();
            }
        }
        Parameters parameters = flowing.parameters(Endpoint.RECONSTRUCT, request, described);
        return new Received(requireNonNull(array), requireNonNull(scan), parameters);
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
        scan.check();
        return scan;
    }
}
