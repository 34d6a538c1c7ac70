package dev.phasor.web;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Sessions at once beside batch work: {@code LiveLoad PORT SESSIONS SECONDS WAV} runs against a service. Each session
 * is sent a frame of 1024/256 at 22.05 kHz whenever its hop begins, and is late if its 256 samples have not come before
 * the next one. Two clients post the WAV file meanwhile, again and again. Prints the times and who was late.
 */
final class LiveLoad {

    private static final int HOP = 256;
    private static final int BINS = 513;
    private static final long HOP_NANOS = HOP * 1_000_000_000L / 22050;
    private static final int LOOKAHEAD = 3;

    private LiveLoad() {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        int sessions = Integer.parseInt(arguments[1]);
        int frames = (int) (Long.parseLong(arguments[2]) * 1_000_000_000L / HOP_NANOS);
        for (int i = 0; i < 2; i++) {
            Thread batch = new Thread(() -> batch(port, Path.of(arguments[3])));
            batch.setDaemon(true);
            batch.start();
        }
        List<Session> all = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            Session session = new Session(port, frames, i);
            all.add(session);
            session.start();
        }
        for (Session session : all) {
            session.join();
        }
        double[] times = all.stream()
                .flatMapToDouble(session -> Arrays.stream(session.milliseconds, LOOKAHEAD, frames))
                .sorted()
                .toArray();
        System.out.printf(
                "%d sessions, %d frames: median %.2f, 99 %% %.2f, 99.9 %% %.2f, worst %.2f ms; late %d%n",
                sessions,
                times.length,
                times[times.length / 2],
                times[(int) (times.length * 0.99)],
                times[(int) (times.length * 0.999)],
                times[times.length - 1],
                Arrays.stream(times).filter(ms -> ms > HOP_NANOS / 1e6).count());
        System.exit(0);
    }

    private static void batch(int port, Path wav) {
        try {
            HttpClient client = HttpClient.newHttpClient();
            while (true) {
                client.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port
                                        + "/v1/reconstruct?algorithm=auto&n_iter=32&n_fft=1024&hop_length=256"))
                                .header("Content-Type", "audio/wav")
                                .POST(HttpRequest.BodyPublishers.ofFile(wav))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** One session, and when each of its hops came. */
    private static final class Session extends Thread implements WebSocket.Listener {

        private final double[] milliseconds;
        private final long[] sent;
        private final int port;
        private final int frames;
        private final Random random;
        private long received;
        private int known = LOOKAHEAD;

        Session(int port, int frames, int seed) {
            this.port = port;
            this.frames = frames;
            random = new Random(seed);
            milliseconds = new double[frames];
            sent = new long[frames];
        }

        @Override
        public synchronized @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            received += data.remaining() / Float.BYTES;
            long now = System.nanoTime();
            // Frame m lets out the samples before (m - lookahead + 1) hops, less half a frame of padding.
            while (known < frames && sent[known] != 0 && received >= (known - LOOKAHEAD + 1L) * HOP - 2L * HOP) {
                milliseconds[known] = (now - sent[known]) / 1e6;
                known++;
            }
            socket.request(1);
            return null;
        }

        @Override
        public void run() {
            try {
                WebSocket socket = HttpClient.newHttpClient()
                        .newWebSocketBuilder()
                        .buildAsync(URI.create("ws://127.0.0.1:" + port + "/v1/live"), this)
                        .get();
                socket.sendText(
                                "{\"type\":\"start\",\"operation\":\"reconstruct\",\"n_fft\":1024,\"hop_length\":256,"
                                        + "\"sample_rate\":22050,\"lookahead\":" + LOOKAHEAD + "}",
                                true)
                        .get();
                byte[] frame = new byte[Float.BYTES * BINS];
                long start = System.nanoTime() + HOP_NANOS * random.nextInt(8) / 8;
                for (int i = 0; i < frames; i++) {
                    for (long left = start + i * HOP_NANOS - System.nanoTime();
                            left > 0;
                            left = start + i * HOP_NANOS - System.nanoTime()) {
                        Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
                    }
                    ByteBuffer values = ByteBuffer.wrap(frame).order(java.nio.ByteOrder.LITTLE_ENDIAN);
                    for (int bin = 0; bin < BINS; bin++) {
                        values.putFloat((float) Math.abs(random.nextGaussian()));
                    }
                    synchronized (this) {
                        sent[i] = System.nanoTime();
                    }
                    socket.sendBinary(ByteBuffer.wrap(frame), true).get();
                }
                Thread.sleep(1000);
                socket.abort();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
