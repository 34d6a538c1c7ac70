package dev.phasor.web;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** One session of {@link LiveLoad}: frames at their pace, and when each of its hops came. */
abstract class LivePlayer extends Thread {

    /** The first frame that lets samples out: half a frame, two hops, is padding, and the look-ahead waits. */
    private static final int FIRST = LiveLoad.LOOKAHEAD + LiveLoad.BINS / LiveLoad.HOP;

    /** A session begins its hops so many parts of one after the last session does. */
    private static final int PHASES = 8;

    private final int frames;
    private final int seed;
    private final Random random;
    private final double[] milliseconds;
    private final double[] delays;
    private final long[] sent;
    private final CountDownLatch ready = new CountDownLatch(1);
    /** Bytes: a part of a message may end within a sample. */
    private long received;

    private int known = FIRST;

    private LivePlayer(int frames, int seed) {
        this.frames = frames;
        this.seed = seed;
        random = new Random(seed);
        milliseconds = new double[frames];
        delays = new double[frames];
        sent = new long[frames];
    }

    /** Milliseconds from the frame that lets a hop out to the hop. */
    double[] times() {
        return Arrays.copyOfRange(milliseconds, FIRST, known);
    }

    /** Milliseconds that each frame was sent too late. */
    double[] delays() {
        return delays;
    }

    /** Asks for a session, which {@link #isReady} tells of. */
    abstract void begin() throws Exception;

    abstract void send(byte[] frame) throws Exception;

    abstract void leave();

    final void isReady() {
        ready.countDown();
    }

    /** So much of the sound has come. */
    final synchronized void came(int bytes) {
        received += bytes;
        long now = System.nanoTime();
        while (known < frames && sent[known] != 0 && received >= (known - FIRST + 1L) * LiveLoad.HOP * Float.BYTES) {
            milliseconds[known] = (now - sent[known]) / 1e6;
            known++;
        }
    }

    @Override
    public final void run() {
        try {
            begin();
            ready.await();
            byte[] frame = new byte[Float.BYTES * LiveLoad.BINS];
            long start = System.nanoTime() + LiveLoad.HOP_NANOS * (seed % PHASES) / PHASES;
            for (int i = 0; i < frames; i++) {
                long due = start + i * LiveLoad.HOP_NANOS;
                LiveLoad.sleepUntil(due);
                ByteBuffer values = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
                for (int bin = 0; bin < LiveLoad.BINS; bin++) {
                    values.putFloat((float) Math.abs(random.nextGaussian()));
                }
                synchronized (this) {
                    sent[i] = System.nanoTime();
                }
                delays[i] = (sent[i] - due) / 1e6;
                send(frame);
            }
            Thread.sleep(1000);
            leave();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Over {@code /v1/live}. */
    static final class OverSocket extends LivePlayer implements WebSocket.Listener {

        private final int port;
        private @Nullable WebSocket socket;

        OverSocket(int port, int frames, int seed) {
            super(frames, seed);
            this.port = port;
        }

        @Override
        void begin() throws Exception {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + port + "/v1/live"), this)
                    .get();
            socket.sendText(
                            "{\"type\":\"start\",\"operation\":\"reconstruct\",\"n_fft\":1024,\"hop_length\":256,"
                                    + "\"sample_rate\":" + LiveLoad.RATE + ",\"lookahead\":" + LiveLoad.LOOKAHEAD + "}",
                            true)
                    .get();
        }

        @Override
        void send(byte[] frame) throws Exception {
            Objects.requireNonNull(socket)
                    .sendBinary(ByteBuffer.wrap(frame), true)
                    .get();
        }

        @Override
        void leave() {
            Objects.requireNonNull(socket).abort();
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            came(data.remaining());
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            isReady();
            from.request(1);
            return null;
        }
    }

    /** As a sequence over gRPC, on a connection of its own. */
    static final class OverGrpc extends LivePlayer {

        private final GrpcClient client;
        private @Nullable GrpcSequence stream;

        OverGrpc(int port, int frames, int seed) {
            super(frames, seed);
            client = new GrpcClient(port);
        }

        @Override
        void begin() throws Exception {
            stream = new GrpcSequence(client.channel(), new Metadata(), answer -> {
                isReady();
                came(answer.getInferResponse().getRawOutputContents(0).size());
            });
            stream.send(GrpcSequence.start(
                    "reconstruct",
                    1,
                    Map.of(
                            "n_fft",
                            1024,
                            "hop_length",
                            LiveLoad.HOP,
                            "sample_rate",
                            LiveLoad.RATE,
                            "lookahead",
                            LiveLoad.LOOKAHEAD)));
        }

        @Override
        void send(byte[] frame) {
            Objects.requireNonNull(stream)
                    .send(GrpcSequence.next("reconstruct", 1, false)
                            .addInputs(GrpcClient.tensor("magnitude", "FP32", 1, LiveLoad.BINS, 1))
                            .addRawInputContents(ByteString.copyFrom(frame)));
        }

        @Override
        void leave() {
            Objects.requireNonNull(stream).close();
            client.channel().shutdownNow();
        }
    }
}
