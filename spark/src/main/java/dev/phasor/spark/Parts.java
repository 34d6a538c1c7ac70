package dev.phasor.spark;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Recordings in parts of about the same size, one a task: the longest first, each to the part that has least. */
final class Parts {

    /** Bytes that opening a file is worth. */
    private static final long OPENING = 1 << 16;

    /** Bytes of a part of a large corpus. */
    private static final long SIZE = 256L << 20;

    /** Parts a core of a small one, so that none waits long for the last. */
    private static final int A_CORE = 4;

    private Parts() {}

    private record Part(List<Recording> recordings, long[] size, int number) {}

    static List<List<Recording>> of(List<Recording> recordings, int cores) {
        long all = recordings.stream().mapToLong(Parts::size).sum();
        long wanted = Math.max((long) A_CORE * cores, all / SIZE);
        int count = (int) Math.max(1, Math.min(wanted, recordings.size()));
        PriorityQueue<Part> parts = new PriorityQueue<>(
                Comparator.<Part>comparingLong(part -> part.size()[0]).thenComparing(Part::number));
        List<List<Recording>> lists = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Part part = new Part(new ArrayList<>(), new long[1], i);
            parts.add(part);
            lists.add(part.recordings());
        }
        recordings.stream()
                .sorted(Comparator.comparingLong(Recording::bytes).reversed().thenComparing(Recording::path))
                .forEach(recording -> {
                    Part least = parts.remove();
                    least.recordings().add(recording);
                    least.size()[0] += size(recording);
                    parts.add(least);
                });
        return lists;
    }

    private static long size(Recording recording) {
        return recording.bytes() + OPENING;
    }
}
