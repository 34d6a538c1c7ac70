package dev.phasor.speed;

import dev.phasor.PhasorApplication;
import dev.phasor.codec.WavBytes;
import dev.phasor.codec.WavEncoding;
import dev.phasor.codec.WavReader;
import dev.phasor.codec.WavWriter;
import dev.phasor.phase.Floor;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.StreamedInverse;
import dev.phasor.signal.AudioSignal;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** WAV in 16 bits to WAV in float32 through {@code /v1/reconstruct}, and the same work without HTTP. */
final class ServiceStages {

    private static final int BLOCK = 1 << 14;

    private final float[] minute;
    private final int rate;
    private final HttpClient client = HttpClient.newHttpClient();
    private @Nullable ConfigurableApplicationContext service;

    ServiceStages(float[] minute, int rate) {
        this.minute = minute;
        this.rate = rate;
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
        return WavBytes.write(AudioSignal.mono(samples, rate), WavEncoding.PCM16);
    }

    /** What the request does with the file, the figures of its report included. */
    private Callable<Object> inProcess(byte[] wav) {
        Kernels kernels = Kernels.best();
        Stft stft = kernels.stft(StftParameters.hann(1024, 256));
        return () -> {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            WavReader reader = WavReader.open(new ByteArrayInputStream(wav));
            WavWriter writer = new WavWriter(
                    out, WavEncoding.FLOAT32, 1, rate, reader.format().frames());
            List<float[]> done = new ArrayList<>();
            StreamedInverse inverse = new StreamedInverse(
                    stft,
                    kernels.iteration(),
                    Floor.DEFAULT,
                    reader.peak(),
                    (block, offset, n) -> done.add(Arrays.copyOfRange(block, offset, offset + n)));
            float[][] block = new float[1][BLOCK];
            for (int count = reader.read(block, 0, BLOCK); count > 0; count = reader.read(block, 0, BLOCK)) {
                inverse.push(block[0], 0, count);
                drain(done, writer);
            }
            Object outcome = inverse.end();
            drain(done, writer);
            writer.finish();
            return new Object[] {out, outcome};
        };
    }

    private static void drain(List<float[]> done, WavWriter writer) throws IOException {
        for (float[] samples : done) {
            writer.write(new float[][] {samples}, 0, samples.length);
        }
        done.clear();
    }

    private Callable<Object> overHttp(byte[] wav) {
        if (service == null) {
            service = SpringApplication.run(
                    PhasorApplication.class,
                    "--server.port=0",
                    "--management.server.port=0",
                    "--spring.grpc.server.port=0",
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
