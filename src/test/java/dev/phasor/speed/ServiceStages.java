package dev.phasor.speed;

import dev.phasor.PhasorApplication;
import dev.phasor.codec.WavEncoding;
import dev.phasor.codec.WavReader;
import dev.phasor.codec.WavWriter;
import dev.phasor.phase.Phase;
import dev.phasor.signal.AudioSignal;
import dev.phasor.web.guard.Limits;
import dev.phasor.web.guard.MemoryBudget;
import dev.phasor.web.operation.Parameters;
import dev.phasor.web.operation.StreamedReconstruction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.unit.DataSize;

/** WAV in 16 bits to WAV in float32 through {@code /v1/reconstruct}, and the same work without HTTP. */
final class ServiceStages {

    private static final Map<String, String> TRANSFORM = Map.of("n_fft", "1024", "hop_length", "256");

    private final float[] minute;
    private final int rate;
    private final Phase phase;
    private final HttpClient client = HttpClient.newHttpClient();
    private @Nullable ConfigurableApplicationContext service;

    ServiceStages(float[] minute, int rate, Phase phase) {
        this.minute = minute;
        this.rate = rate;
        this.phase = phase;
    }

    Callable<Object> open(String name) throws IOException {
        return switch (name) {
            case "in_process" -> inProcess(wav(1));
            case "in_process_10" -> inProcess(wav(10));
            case "http" -> overHttp(wav(1));
            case "http_10" -> overHttp(wav(10));
            default -> throw new IllegalArgumentException("no stage " + name);
        };
    }

    private byte[] wav(int minutes) throws IOException {
        float[] samples = new float[minutes * minute.length];
        for (int i = 0; i < minutes; i++) {
            System.arraycopy(minute, 0, samples, i * minute.length, minute.length);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        WavWriter.write(AudioSignal.mono(samples, rate), WavEncoding.PCM16, out);
        return out.toByteArray();
    }

    private Callable<Object> inProcess(byte[] wav) {
        Limits limits = new Limits(DataSize.ofMegabytes(256), DataSize.ofGigabytes(1), 70, 1 << 20, 10_000);
        StreamedReconstruction reconstruction = new StreamedReconstruction(limits, phase);
        return () -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (MemoryBudget.Reservation memory = MemoryBudget.ofHeap(limits).open()) {
                reconstruction.run(
                        WavReader.open(new ByteArrayInputStream(wav)),
                        new Parameters(TRANSFORM),
                        memory,
                        WavWriter.withoutHeader(out, WavEncoding.FLOAT32, 1, rate));
            }
            return out;
        };
    }

    private Callable<Object> overHttp(byte[] wav) {
        if (service == null) {
            service = SpringApplication.run(
                    PhasorApplication.class,
                    "--server.port=0",
                    "--management.server.port=0",
                    "--logging.level.root=warn");
        }
        String port = service.getEnvironment().getProperty("local.server.port");
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/v1/reconstruct?n_fft=1024&hop_length=256"))
                .header("Content-Type", "audio/wav")
                .POST(BodyPublishers.ofByteArray(wav))
                .build();
        return () -> {
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw new IOException("got " + response.statusCode() + ": " + new String(response.body()));
            }
            return response.body();
        };
    }
}
