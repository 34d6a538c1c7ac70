package dev.phasor.web;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the machine itself does to hops: {@code BareHops SESSIONS SECONDS} computes on a thread for each session, for
 * {@link #WORK_NANOS} a hop, and prints how many ended later than a hop after they were due. No socket, no garbage, no
 * lock: what is late here is late by the system and what runs beside.
 */
final class BareHops {

    /** About what a hop takes {@link LiveLoad}'s sessions. */
    private static final long WORK_NANOS = 400_000;

    private static final long FIRST_SECONDS = 5;

    private static volatile double kept;

    private BareHops() {}

    public static void main(String[] arguments) throws InterruptedException {
        int sessions = Integer.parseInt(arguments[0]);
        play(sessions, FIRST_SECONDS, steps(0));
        double[] all = play(sessions, Long.parseLong(arguments[1]), steps(WORK_NANOS));
        Arrays.sort(all);
        System.out.printf(
                "bare, %d threads, %d hops: after it was due, ms: median %.2f, 99.9 %% %.2f, worst %.2f;"
                        + " later than a hop: %d%n",
                sessions,
                all.length,
                all[all.length / 2],
                all[(int) ((all.length - 1) * 0.999)],
                all[all.length - 1],
                Arrays.stream(all).filter(ms -> ms > LiveLoad.HOP_NANOS / 1e6).count());
    }

    /** Steps of work that take so long when nothing else runs: the least of many measures. */
    private static int steps(long nanos) {
        int measured = 100_000;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 2000; i++) {
            long start = System.nanoTime();
            work(measured);
            least = Math.min(least, System.nanoTime() - start);
        }
        return (int) (measured * nanos / least);
    }

    private static void work(int steps) {
        double sum = 1;
        for (int i = 0; i < steps; i++) {
            sum = sum * 0.999 + i;
        }
        kept = sum;
    }

    /** Milliseconds from when each hop was due to when it was computed. */
    private static double[] play(int sessions, long seconds, int steps) throws InterruptedException {
        int hops = (int) (seconds * 1_000_000_000L / LiveLoad.HOP_NANOS);
        double[] late = new double[sessions * hops];
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            int session = i;
            long start = System.nanoTime() + LiveLoad.HOP_NANOS * session / sessions;
            Thread thread = new Thread(() -> {
                for (int hop = 0; hop < hops; hop++) {
                    long due = start + hop * LiveLoad.HOP_NANOS;
                    LiveLoad.sleepUntil(due);
                    work(steps);
                    late[session * hops + hop] = (System.nanoTime() - due) / 1e6;
                }
            });
            all.add(thread);
            thread.start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        return late;
    }
}
