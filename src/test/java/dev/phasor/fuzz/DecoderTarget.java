package dev.phasor.fuzz;

import dev.phasor.codec.FirstBytes;
import dev.phasor.compute.ClientLimits;
import dev.phasor.compute.Patience;
import dev.phasor.compute.Spools;
import dev.phasor.compute.StreamLimits;
import dev.phasor.decoder.Decoder;
import dev.phasor.decoder.DecoderSettings;
import dev.phasor.decoder.ForeignFile;
import dev.phasor.decoder.ForeignFormat;
import dev.phasor.signal.InvalidInputException;
import java.time.Duration;
import java.util.Arrays;
import org.springframework.util.unit.DataSize;

/**
 * The formats that ffmpeg decodes: sound, or one exception, in time. A crash of its process is found too. Jazzer sees
 * nothing of it, so that inputs change at random, from files of all formats.
 */
public final class DecoderTarget {

    private static final DataSize MUCH = DataSize.ofGigabytes(1);

    private static final ClientLimits CLIENT = new ClientLimits(50, 16, 80, 50);

    private static final Decoder DECODER = new Decoder(
            new DecoderSettings("auto", 5, 1, DataSize.ofMegabytes(256), 2, 32),
            CLIENT,
            new Spools(new StreamLimits(MUCH, MUCH, MUCH, MUCH, null), CLIENT));

    private static final Duration LONGEST = Duration.ofSeconds(8);

    private DecoderTarget() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        if (DECODER.missing() != null) {
            throw new AssertionError(DECODER.missing());
        }
        ForeignFormat[] formats = ForeignFormat.values();
        ForeignFormat format = ForeignFormat.ofFirstBytes(Arrays.copyOf(bytes, FirstBytes.COUNT))
                .orElse(formats[bytes.length % formats.length]);
        try {
            DECODER.decode(new ForeignFile(bytes, format), Bounded.LIMITS, "fuzz", new Patience(() -> false, LONGEST));
        } catch (InvalidInputException e) {
            if (e.getMessage().contains("crashed")) {
                throw new AssertionError(e);
            }
        }
    }
}
