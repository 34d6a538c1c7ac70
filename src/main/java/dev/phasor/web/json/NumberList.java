package dev.phasor.web.json;

import static dev.phasor.signal.InvalidInputException.quoted;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** The numbers of a nested JSON list, and the size of each of its levels. */
public final class NumberList {

    private static final int MAX_RANK = 8;

    /**
     * The most numbers in a block. A list grows by blocks: an array that doubles would be held twice while it is
     * copied, more than is reserved.
     */
    private static final int LONGEST_BLOCK = 1 << 16;

    /** Characters of a number: the time to parse a number grows with the square of its length. */
    private static final int LONGEST_NUMBER = 100;

    private final List<float[]> full = new ArrayList<>();
    private float[] last = new float[64];
    private int inLast;
    private int count;
    private final int[] sizes = new int[MAX_RANK];
    private int rank;

    /** A mapper for the JSON of requests. It refuses numbers of more than 100 characters. */
    public static ObjectMapper mapper() {
        StreamReadConstraints constraints =
                StreamReadConstraints.builder().maxNumberLength(LONGEST_NUMBER).build();
        return new JsonMapper(
                JsonFactory.builder().streamReadConstraints(constraints).build());
    }

    /**
     * Reads the list whose first bracket is the parser's current token.
     *
     * @param name the name of the list, for messages
     * @throws InvalidInputException {@code MALFORMED_JSON} if the list is not a rectangle of numbers
     */
    public static NumberList read(JsonParser parser, String name) {
        NumberList numbers = new NumberList();
        Arrays.fill(numbers.sizes, -1);
        numbers.list(parser, quoted(name), 0);
        return numbers;
    }

    /** The sizes of the levels, the outermost first. */
    public Shape shape(String name) {
        try {
            return Shape.of(Arrays.copyOf(sizes, rank));
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(Code.TOO_LARGE, quoted(name) + ": " + e.getMessage(), e);
        }
    }

    /** A copy of the numbers in row-major order. */
    public float[] values() {
        float[] values = new float[count];
        int end = 0;
        for (float[] block : full) {
            System.arraycopy(block, 0, values, end, block.length);
            end += block.length;
        }
        System.arraycopy(last, 0, values, end, inLast);
        return values;
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
                throw malformed(name + " must be a nested list of numbers, got " + JsonFault.name(token));
            }
            if (size > 0 && leaf != number) {
                throw malformed(name + " must be rectangular, got numbers beside lists");
            }
            leaf = number;
            if (number) {
                add(value(parser));
            } else {
                list(parser, name, level + 1);
            }
            size++;
        }
        close(name, level, size, leaf || size == 0 ? level + 1 : rank);
    }

    /** The number, rounded once. JSON's -0 keeps its sign, which a Java integer does not have. */
    private static float value(JsonParser parser) {
        float value = parser.getFloatValue();
        boolean negative = value == 0 && parser.getStringCharacters()[parser.getStringOffset()] == '-';
        return negative ? -0f : value;
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
        if (inLast == last.length) {
            full.add(last);
            last = new float[Math.min(LONGEST_BLOCK, 2 * last.length)];
            inLast = 0;
        }
        last[inLast++] = value;
        count++;
    }

    private static InvalidInputException malformed(String message) {
        return new InvalidInputException(Code.MALFORMED_JSON, message);
    }
}
