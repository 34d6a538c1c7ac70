package dev.phasor.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sessions at once, and batch work beside them, each in a process of its own, so that one does not make the other late.
 *
 * <ul>
 *   <li>{@code LiveLoad socket PORT MANAGEMENT SESSIONS SECONDS} and {@code LiveLoad grpc …} play: each session is sent
 *       a frame of 1024/256 at 22.05 kHz whenever its hop begins. Prints how long after its last frame each hop came,
 *       who was late by the player's clock and by the service's meter, how late the player itself was, and when: the
 *       machine's own clock says beside it how long its cores were given to others meanwhile (the time stolen in
 *       /proc/stat).
 *   <li>{@code LiveLoad batch PORT WAV} posts the WAV file, again and again, two at a time.
 * </ul>
 */
final class LiveLoad {

    static final int HOP = 256;
    static final int BINS = 513;
    static final int RATE = 22050;
    static final int LOOKAHEAD = 3;
    private static final long FIRST_SECONDS = 10;
    /** Until what sessions run is compiled, and compiled once more. */
    private static final long SETTLING_SECONDS = 50;
    /** Between two looks at the service's meter, which costs the service some milliseconds. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private static final Path KERNEL = Path.of("/proc/stat");
    private static final int STOLEN = 8;
    private static final int TICK_MILLIS = 10;

    static final long HOP_NANOS = HOP * 1_000_000_000L / RATE;

    private LiveLoad() {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[1]);
        if (arguments[0].equals("batch")) {
            Thread other = new Thread(() -> batch(port, Path.of(arguments[2])));
            other.start();
            batch(port, Path.of(arguments[2]));
        }
        int management = Integer.parseInt(arguments[2]);
        int sessions = Integer.parseInt(arguments[3]);
        // The first round finds a service, and a player, that nobody has called yet.
        play(arguments[0], port, management, sessions, FIRST_SECONDS);
        play(arguments[0], port, management, sessions, SETTLING_SECONDS);
        play(arguments[0], port, management, sessions, Long.parseLong(arguments[4]));
        System.exit(0);
    }

    private static void play(String face, int port, int management, int sessions, long seconds) throws Exception {
        int frames = (int) (seconds * 1_000_000_000L / HOP_NANOS);
        double before = late(management);
        Thread looking = new Thread(() -> look(management));
        looking.setDaemon(true);
        looking.start();
        List<LivePlayer> all = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            LivePlayer player = face.equals("grpc")
                    ? new LivePlayer.OverGrpc(port, frames, i)
                    : new LivePlayer.OverSocket(port, frames, i);
            all.add(player);
            player.start();
        }
        for (LivePlayer player : all) {
            player.join();
        }
        looking.interrupt();
        looking.join();
        print(face, all, late(management) - before);
    }

    /** @param due by {@link System#nanoTime} */
    static void sleepUntil(long due) {
        try {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Prints when hops were late, until it is interrupted. */
    private static void look(int management) {
        try {
            long began = System.nanoTime();
            long stolen = stolenMillis();
            double late = late(management);
            while (true) {
                Thread.sleep(LOOK.toMillis());
                long stolenNow = stolenMillis();
                double lateNow = late(management);
                if (lateNow > late) {
                    System.out.printf(
                            "until second %d: %.0f late, while %d ms of the cores were stolen%n",
                            Duration.ofNanos(System.nanoTime() - began).toSeconds(),
                            lateNow - late,
                            stolenNow - stolen);
                }
                stolen = stolenNow;
                late = lateNow;
            }
        } catch (InterruptedException e) {
            // the sessions have ended
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the machine below has taken from all cores since the start; 0 where Linux does not tell. */
    private static long stolenMillis() throws IOException {
        return Files.exists(KERNEL)
                ? TICK_MILLIS
                        * Long.parseLong(
                                Files.readAllLines(KERNEL).get(0).trim().split(" +")[STOLEN])
                : 0;
    }

    private static void print(String face, List<LivePlayer> all, double late) {
        double[] times = all.stream()
                .flatMapToDouble(player -> Arrays.stream(player.times()))
                .sorted()
                .toArray();
        double[] first =
                all.stream().mapToDouble(player -> player.times()[0]).sorted().toArray();
        double[] delays = all.stream()
                .flatMapToDouble(player -> Arrays.stream(player.delays()))
                .sorted()
                .toArray();
        System.out.printf(
                "%s, %d sessions, %d frames: a hop after its last frame, ms: median %.2f, 99 %% %.2f, 99.9 %% %.2f,"
                        + " worst %.2f; first sample: median %.2f, worst %.2f%n",
                face,
                all.size(),
                times.length,
                at(times, 0.5),
                at(times, 0.99),
                at(times, 0.999),
                times[times.length - 1],
                at(first, 0.5),
                first[first.length - 1]);
        System.out.printf(
                "later than a hop: %d by the player's clock, %.0f by the service's (phasor_live_late_total);"
                        + " the player was late itself by, ms: 99 %% %.2f, 99.9 %% %.2f, worst %.2f%n",
                Arrays.stream(times).filter(ms -> ms > HOP_NANOS / 1e6).count(),
                late,
                at(delays, 0.99),
                at(delays, 0.999),
                delays[delays.length - 1]);
    }

    private static double at(double[] sorted, double part) {
        return sorted[(int) ((sorted.length - 1) * part)];
    }

    /** The frames that took the service longer than they last. */
    private static double late(int management) throws Exception {
        String metrics = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + "/actuator/prometheus"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return metrics.lines()
                .filter(line -> line.startsWith("phasor_live_late_total{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
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
}
