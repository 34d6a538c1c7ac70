package dev.phasor.operation;

import dev.phasor.codec.NpyArray;
import dev.phasor.compute.HeapRegions;
import dev.phasor.signal.AudioSignal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an operation gives back: named arrays in the order made, the first of them the main one, and the report.
 *
 * @param audio the main output as sound, where it is sound
 * @param inputs arrays of the request without which the others are not read back: a file of named arrays holds them too
 */
public record Answer(
        Map<String, NpyArray> arrays,
        @Nullable AudioSignal audio,
        Map<String, Object> report,
        Map<String, NpyArray> inputs) {

    /** Bytes of a list, a map or an entry of one, without what it holds. */
    private static final int OBJECT = 56;

    private static final int NUMBER = 24;

    Answer(Map<String, NpyArray> arrays, @Nullable AudioSignal audio, Map<String, Object> report) {
        this(arrays, audio, report, Map.of());
    }

    static Answer of(String name, NpyArray array, Map<String, Object> report) {
        return new Answer(Map.of(name, array), null, report);
    }

    static Answer of(AudioSignal audio, Report report) {
        report.audio(audio.sampleRate(), audio.length()).peak(audio.peak());
        return new Answer(Map.of("audio", NpyArray.of(audio)), audio, report.finish());
    }

    /** What of the report describes the arrays, by names that {@link Parameters} reads back. */
    public Map<String, Object> description() {
        Map<String, Object> description = new LinkedHashMap<>();
        for (Parameter<?> parameter : Endpoint.describing()) {
            Object value = report.get(parameter.wireName());
            if (value != null) {
                description.put(Names.described(parameter, inputs.keySet()), value);
            }
        }
        return description;
    }

    /** Its arrays, and those inputs that describe them. */
    public Map<String, NpyArray> described() {
        Map<String, NpyArray> all = new LinkedHashMap<>(arrays);
        all.putAll(inputs);
        return all;
    }

    /** Bytes that its arrays hold, its report, and its sound, whose channels are arrays of their own. */
    long bytes() {
        long sound = audio == null ? 0 : audio.items() * HeapRegions.bytes((long) Float.BYTES * audio.length());
        return sound
                + reportBytes()
                + described().values().stream()
                        .mapToLong(array -> (array.isComplex() ? 2L : 1L)
                                * HeapRegions.bytes((long) Float.BYTES * array.real().length))
                        .sum();
    }

    /**
     * Bytes that the report holds: with a figure for each of many items, or many hazards, it is the most of an answer.
     */
    public long reportBytes() {
        return bytes(report);
    }

    private static long bytes(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return OBJECT
                    + map.values().stream()
                            .mapToLong(each -> OBJECT + bytes(each))
                            .sum();
        }
        if (value instanceof Collection<?> list) {
            return OBJECT
                    + list.stream().mapToLong(each -> Long.BYTES + bytes(each)).sum();
        }
        return value instanceof CharSequence text ? OBJECT + 2L * text.length() : NUMBER;
    }

    /** This answer with more said in its report. */
    Answer saying(Map<String, Object> more) {
        if (more.isEmpty()) {
            return this;
        }
        Map<String, Object> all = new LinkedHashMap<>(more);
        all.putAll(report);
        return new Answer(arrays, audio, all, inputs);
    }

    /** This answer with a warning where its arrays are more bytes than the service takes in one body. */
    Answer warned(long mostSent) {
        long bytes = described().values().stream()
                .mapToLong(array -> (array.isComplex() ? 2L : 1L) * Float.BYTES * array.real().length)
                .sum();
        if (bytes <= mostSent) {
            return this;
        }
        List<Object> warnings = new ArrayList<>();
        if (report.get("warnings") instanceof Collection<?> before) {
            warnings.addAll(before);
        }
        warnings.add(
                "too_long_to_return: the answer's arrays have " + bytes + " bytes, and a body that brings them back"
                        + " may have " + mostSent + " (phasor.limits.max-upload); ask for less at once, or raise it");
        return new Answer(arrays, audio, with("warnings", warnings), inputs);
    }

    private Map<String, Object> with(String entry, Object value) {
        Map<String, Object> all = new LinkedHashMap<>(report);
        all.put(entry, value);
        return all;
    }

    /** This answer with one more array behind the others. */
    Answer with(String name, NpyArray array) {
        Map<String, NpyArray> more = new LinkedHashMap<>(arrays);
        more.put(name, array);
        return new Answer(more, audio, report, inputs);
    }

    /** This answer with the arrays of the request without which its own are not read back. */
    Answer madeWith(Map<String, NpyArray> sent) {
        return new Answer(arrays, audio, report, sent);
    }
}
