package dev.phasor.spark;

import dev.phasor.codec.CodecLimits;
import dev.phasor.codec.FirstBytes;
import dev.phasor.codec.FlacReader;
import dev.phasor.codec.Id3Tag;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyReader;
import dev.phasor.codec.Npz;
import dev.phasor.codec.NpzReader;
import dev.phasor.codec.WavReader;
import dev.phasor.compute.HeapRegions;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.decoder.ForeignFile;
import dev.phasor.decoder.ForeignFormat;
import dev.phasor.operation.Input;
import dev.phasor.operation.Inputs;
import dev.phasor.operation.Parameter;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads a file by its first bytes, as the service reads a body without a type. */
final class SourceFile {

    private static final int BUFFER = 1 << 16;

    /** Bytes held for each byte of a ZIP, which is buffered, or of a file that another program decodes. */
    private static final int EXPANSION = 2;

    private final Inputs inputs;
    private final Map<String, String> description;
    private final MemoryBudget.Reservation memory;
    private final CodecLimits limits;
    private double seconds;

    SourceFile(Inputs inputs, Map<String, String> description, MemoryBudget.Reservation memory) {
        this.inputs = inputs;
        this.description = description;
        this.memory = memory;
        limits = new CodecLimits(
                CodecLimits.LARGEST, bytes -> memory.add(HeapRegions.bytes(bytes), "what the file decodes to"));
    }

    /** Seconds of the sound file that was read last; 0 of arrays and of what is decoded later. */
    double seconds() {
        return seconds;
    }

    /**
     * @param input what the file is
     * @param bytes of the file
     * @throws InvalidInputException for a file that cannot be read
     */
    void read(Input input, InputStream file, long bytes) throws IOException {
        InputStream in = Id3Tag.skip(new BufferedInputStream(file, BUFFER));
        in.mark(FirstBytes.COUNT);
        byte[] head = in.readNBytes(FirstBytes.COUNT);
        in.reset();
        Optional<ForeignFormat> foreign = ForeignFormat.ofFirstBytes(head);
        if (foreign.isPresent()) {
            memory.add(HeapRegions.bytes(EXPANSION * bytes), "the file");
            inputs.put(input, new ForeignFile(in.readAllBytes(), foreign.get()));
            return;
        }
        String start = new String(head, StandardCharsets.ISO_8859_1);
        if (start.startsWith("RIFF") || start.startsWith("RF64") || start.startsWith("BW64")) {
            put(input, WavReader.readAll(in, limits));
        } else if (start.startsWith("fLaC")) {
            put(input, FlacReader.readAll(in, limits));
        } else if (start.startsWith("\u0093NUMPY")) {
            inputs.put(input, NpyReader.read(in, limits));
        } else if (start.startsWith("PK")) {
            memory.add(HeapRegions.bytes(EXPANSION * bytes), "the NPZ");
            Npz npz = NpzReader.read(in, limits);
            inputs.putAll(named(npz.arrays()));
            description.putAll(npz.scalars());
        } else {
            throw new InvalidInputException(
                    Code.MALFORMED_AUDIO,
                    "the file must be WAV, FLAC, NPY, NPZ or what ffmpeg decodes, got "
                            + (head.length == 0 ? "an empty file" : FirstBytes.name(head)));
        }
    }

    private void put(Input input, AudioSignal sound) {
        seconds = sound.sampleRate() == AudioSignal.UNKNOWN_RATE ? 0 : (double) sound.length() / sound.sampleRate();
        inputs.put(input, sound);
    }

    /** The {@code power} that {@code output=power} answers is a magnitude with {@code power=2}. */
    private Map<String, NpyArray> named(Map<String, NpyArray> arrays) {
        NpyArray power = arrays.get(Parameter.POWER.wireName());
        if (power == null) {
            return arrays;
        }
        Map<String, NpyArray> named = new LinkedHashMap<>(arrays);
        named.remove(Parameter.POWER.wireName());
        named.put(Input.MAGNITUDE.wireName(), power);
        description.put(Parameter.POWER.wireName(), "2");
        return named;
    }
}
