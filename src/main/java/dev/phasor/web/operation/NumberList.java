package dev.phasor.web.operation;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Shape;
import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The numbers of one nested JSON list, and how many stand on each level. */
public final class NumberList {

    private static final int MAX_RANK = 8;

    private float[] values = new float[64];
    private int count;
    private final int[] sizes = new int[MAX_RANK];
    private int rank;

    /**
     * Reads the list whose first bracket is the parser's current token.
     *
     * @param name the list's, for messages
     * @throws InvalidInputException {@code MALFORMED_JSON} for what is not a rectangle of numbers
     */
    public static NumberList read(JsonParser parser, String name) {
        NumberList numbers = new NumberList();
        Arrays.fill(numbers.sizes, -1);
        numbers.list(parser, name, 0);
        return numbers;
    }

    /** The sizes of the levels, the outermost first. */
    public Shape shape(String name) {
        try {
            return Shape.of(Arrays.copyOf(sizes, rank));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(Code.TOO_LARGE, name + ": " + e.getMessage(), e);
        }
    }

    /** Row-major; a copy. */
    public float[] values() {
        return Arrays.copyOf(values, count);
    }

    private void list(JsonParser parser, String name, int level) {
        if (level >= MAX_RANK) {
            throw malformed(name + " must have at most " + MAX_RANK + " axes, got more");
        }
        int size = 0;
        boolean leaf = false;
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            boolean number = token != null && token.isNumeric();
            if (!number && token != JsonToken.START_ARRAY) {
                throw malformed(name + " must be a nested list of numbers, got " + token);
            }
            if (size > 0 && leaf != number) {
                throw malformed(name + " must be rectangular, got numbers beside lists");
            }
            leaf = number;
            if (number) {
                add((float) parser.getDoubleValue());
            } else {
                list(parser, name, level + 1);
            }
            size++;
        }
        close(name, level, size, leaf || size == 0 ? level + 1 : rank);
    }

    private void close(String name, int level, int size, int depth) {
        if ((sizes[level] >= 0 && sizes[level] != size) || (rank > 0 && depth != rank)) {
            throw malformed(
                    name + " must be rectangular, got lists of " + sizes[level] + " and " + size + " on axis " + level);
        }
        sizes[level] = size;
        rank = depth;
    }

    private void add(float value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = value;
    }

    private static InvalidInputException malformed(String message) {
        return new InvalidInputException(Code.MALFORMED_JSON, message);
    }
}
