package dev.phasor.web.audio;

import dev.phasor.codec.AudioWriter;
import dev.phasor.codec.FlacWriter;
import dev.phasor.codec.WavEncoding;
import dev.phasor.codec.WavWriter;
import dev.phasor.compute.HeapRegions;
import dev.phasor.compute.Spool;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.ObjectMapper;

/** A sound file of any length on its way into an answer: its samples wait in a spool, and its header comes last. */
final class SpooledSound {

    /** Bytes per channel of a decoder and an encoder: a FLAC frame has at most 65535 samples of 8 + 4 bytes. */
    static final long CODEC_BYTES =
            HeapRegions.bytes((1L << 16) * Long.BYTES) + HeapRegions.bytes((1L << 16) * Integer.BYTES);

    private final Form to;
    private final WavEncoding encoding;
    private final int channels;
    private final int rate;
    private final Spool spool;
    private final AudioWriter writer;

    /** @param to WAV or FLAC */
    SpooledSound(Form to, WavEncoding encoding, int channels, int rate, Spool spool) {
        this.to = to;
        this.encoding = encoding;
        this.channels = channels;
        this.rate = rate;
        this.spool = spool;
        writer = to == Form.FLAC
                ? FlacWriter.withoutHeader(spool, encoding.bits(), channels, rate)
                : WavWriter.withoutHeader(spool, encoding, channels, rate);
    }

    /** Takes the samples. */
    AudioWriter writer() {
        return writer;
    }

    /**
     * Sends what was written.
     *
     * @param report modified: with {@code clipped}, the number of clipped samples, which is returned
     */
    long answer(Map<String, Object> report, Reply reply, ObjectMapper mapper) throws IOException {
        long clipped = writer.finish();
        report.put("clipped", clipped);
        byte[] header = to == Form.FLAC
                ? FlacWriter.header(encoding.bits(), channels, rate, writer.frames())
                : WavWriter.header(encoding, channels, rate, writer.frames());
        reply.type(to.type().toString());
        reply.length(header.length + spool.size());
        reply.header(AnswerWriter.REPORT, mapper.writeValueAsString(ReportHeader.of(report)));
        reply.header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"audio." + to.extension() + "\"");
        OutputStream answer = reply.body();
        answer.write(header);
        spool.copyTo(answer);
        answer.flush();
        return clipped;
    }
}
