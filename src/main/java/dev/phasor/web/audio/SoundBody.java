package dev.phasor.web.audio;

import dev.phasor.codec.AudioReader;
import dev.phasor.codec.FlacReader;
import dev.phasor.codec.Id3Tag;
import dev.phasor.codec.WavReader;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.MeteredInputStream;
import dev.phasor.compute.Patience;
import dev.phasor.compute.Spool;
import dev.phasor.decoder.Decoder;
import dev.phasor.decoder.ForeignFile;
import dev.phasor.decoder.ForeignFormat;
import dev.phasor.operation.Intake;
import dev.phasor.operation.Parameter;
import dev.phasor.operation.Parameters;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/**
 * A body that is a sound file, whose samples flow. A file that ffmpeg decodes is held, but not what it decodes to; one
 * that is resampled waits on the disk until it has come.
 */
final class SoundBody {

    /** Bytes held for each byte of a body that is held as a whole, while it is put together. */
    private static final int HELD_TWICE = 2;

    private static final int BUFFER = 1 << 16;

    private final Decoder decoder;
    private final Intake intake;
    private final long maxHeld;
    private final Flowing flowing;

    /** @param maxHeld bytes of a body that ffmpeg decodes */
    SoundBody(Decoder decoder, Intake intake, long maxHeld, Flowing flowing) {
        this.decoder = decoder;
        this.intake = intake;
        this.maxHeld = maxHeld;
        this.flowing = flowing;
    }

    /** Makes something of a sound while it comes. */
    @FunctionalInterface
    interface Use<T> {
        /** @param patience for what is computed */
        T of(AudioReader sound, Patience patience) throws IOException;
    }

    /** Whether the body is named as a sound file that can be read. */
    boolean isSound(Sent request) {
        return form(request) != null || isForeign(request);
    }

    /** Whether it is named as one that ffmpeg decodes, and can. */
    boolean isForeign(Sent request) {
        MediaType type = type(request.contentType());
        return ForeignFormat.ofType(type.getType() + "/" + type.getSubtype()).isPresent() && decoder.missing() == null;
    }

    private static @Nullable Form form(Sent request) {
        MediaType type = type(request.contentType());
        return Stream.of(Form.WAV, Form.FLAC)
                .filter(form -> form.isNamedBy(type))
                .findFirst()
                .orElse(null);
    }

    private static MediaType type(@Nullable String contentType) {
        return contentType == null
                ? MediaType.APPLICATION_OCTET_STREAM
                : MediaType.parseMediaType(contentType).removeQualityValue();
    }

    /**
     * Reads the sound, at the rate that is asked for.
     *
     * @param origin where the sound came from, as a report says it; modified
     * @param use reads the sound to its end, on any thread
     */
    <T> T read(
            Sent request,
            Parameters parameters,
            MemoryBudget.Reservation memory,
            Map<String, Object> origin,
            Use<T> use)
            throws IOException {
        InputStream in = flowing.body(request);
        Patience patience = flowing.patience(request, parameters);
        Form form = form(request);
        if (form != null) {
            if (!parameters.has(Parameter.RESAMPLE_TO)) {
                return read(form, in, parameters, memory, patience, origin, use);
            }
            // Few files are resampled at once, so that no place is held while a body is waited for.
            try (Spool kept = flowing.spools().onDisk(memory.client())) {
                in.transferTo(kept);
                InputStream content = new BufferedInputStream(kept.content(), BUFFER);
                return read(form, content, parameters, memory, patience, origin, use);
            }
        }
        InputStream file = Id3Tag.skip(in);
        ForeignFormat format = CallReader.foreign(type(request.contentType()), CallReader.head(file))
                .orElseThrow();
        byte[] bytes = new MeteredInputStream(file, maxHeld, HELD_TWICE, memory).readAllBytes();
        origin.put("source_format", format.wireName());
        origin.put("decoded_by", decoder.name());
        Duration timeout = patience.timeout();
        return decoder.decode(new ForeignFile(bytes, format), memory.client(), patience, sound -> {
            // Who waits for all looks for the client; a thread that computes only keeps the time.
            Patience computing = new Patience(() -> false, timeout);
            return intake.flow(
                    sound, true, parameters, memory, computing, origin, resampled -> use.of(resampled, computing));
        });
    }

    private <T> T read(
            Form form,
            InputStream in,
            Parameters parameters,
            MemoryBudget.Reservation memory,
            Patience patience,
            Map<String, Object> origin,
            Use<T> use)
            throws IOException {
        AudioReader sound = form == Form.FLAC ? FlacReader.open(in) : WavReader.open(in);
        return intake.flow(sound, false, parameters, memory, patience, origin, found -> use.of(found, patience));
    }
}
