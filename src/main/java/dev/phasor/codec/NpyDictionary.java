package dev.phasor.codec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The Python dictionary in an NPY header, {@code {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }}: exactly
 * these three keys, in any order. Only literals of the expected kind are read, nothing is evaluated.
 */
final class NpyDictionary {

    /** Digits of a size. 18 digits always fit in a long. */
    private static final int MAX_DIGITS = 18;

    private static final char END = '\0';

    private final String text;
    private int at;

    private @Nullable String descr;
    private @Nullable Boolean fortranOrder;
    private long @Nullable [] shape;

    private NpyDictionary(String text) {
        this.text = text;
    }

    /** @throws dev.phasor.signal.InvalidInputException {@code MALFORMED_NPY} */
    static NpyDictionary parse(String text) {
        NpyDictionary dictionary = new NpyDictionary(text);
        dictionary.read();
        return dictionary;
    }

    String descr() {
        return present("descr", descr);
    }

    boolean fortranOrder() {
        return present("fortran_order", fortranOrder);
    }

    /** The sizes, not negative; not checked further. */
    long[] shape() {
        return present("shape", shape);
    }

    private static <T> T present(String key, @Nullable T value) {
        if (value == null) {
            throw Malformed.npy("header must have the key " + key);
        }
        return value;
    }

    private void read() {
        expect('{');
        while (!accept('}')) {
            entry();
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        skipSpace();
        if (at < text.length()) {
            throw unexpected("the end");
        }
    }

    private void entry() {
        String key = string("a key");
        expect(':');
        switch (key) {
            case "descr" -> descr = once(key, descr, string("a plain type (structured ones are not read)"));
            case "fortran_order" -> fortranOrder = once(key, fortranOrder, bool());
            case "shape" -> shape = once(key, shape, tuple());
            default -> throw Malformed.npy("header keys must be descr, fortran_order and shape, got " + quoted(key));
        }
    }

    private static <T> T once(String key, @Nullable T before, T value) {
        if (before != null) {
            throw Malformed.npy("header must have the key " + key + " once");
        }
        return value;
    }

    private String string(String what) {
        skipSpace();
        char quote = peek();
        int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
        if (end < 0) {
            throw unexpected(what);
        }
        String string = text.substring(at + 1, end);
        at = end + 1;
        return string;
    }

    private boolean bool() {
        skipSpace();
        for (String word : new String[] {"True", "False"}) {
            if (text.startsWith(word, at)) {
                at += word.length();
                return word.equals("True");
            }
        }
        throw unexpected("True or False");
    }

    private long[] tuple() {
        List<Long> sizes = new ArrayList<>();
        expect('(');
        while (!accept(')')) {
            sizes.add(number());
            if (!accept(',')) {
                expect(')');
                break;
            }
        }
        return sizes.stream().mapToLong(Long::longValue).toArray();
    }

    private long number() {
        skipSpace();
        int start = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == start || at - start > MAX_DIGITS) {
            at = start;
            throw unexpected("a size >= 0 of at most " + MAX_DIGITS + " digits");
        }
        return Long.parseLong(text.substring(start, at));
    }

    private void expect(char wanted) {
        if (!accept(wanted)) {
            throw unexpected("'" + wanted + "'");
        }
    }

    private boolean accept(char wanted) {
        skipSpace();
        if (peek() != wanted) {
            return false;
        }
        at++;
        return true;
    }

    private void skipSpace() {
        while (peek() == ' ' || peek() == '\n' || peek() == '\t' || peek() == '\r') {
            at++;
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : END;
    }

    private RuntimeException unexpected(String wanted) {
        return Malformed.npy("header must have " + wanted + " at " + at + ", got " + quoted(text.substring(at)));
    }

    private static String quoted(String text) {
        return Malformed.quoted(text);
    }
}
