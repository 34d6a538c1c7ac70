package dev.phasor.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What comes back on a connection, answer by answer, as any client would cut it. */
final class RawAnswers {

    /** One answer. */
    record Raw(int status, Map<String, String> headers, byte[] body) {

        String id() {
            return headers.getOrDefault("x-request-id", "");
        }
    }

    private RawAnswers() {}

    /** All answers up to the end of the connection. */
    static List<Raw> readAll(InputStream in) throws IOException {
        List<Raw> answers = new ArrayList<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int status = Integer.parseInt(line.substring(9, 12));
            Map<String, String> headers = new TreeMap<>();
            for (String header = line(in); !header.isEmpty(); header = line(in)) {
                String[] parts = header.split(": ?", 2);
                headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1]);
            }
            answers.add(new Raw(status, headers, body(in, headers)));
        }
        return answers;
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        if (!"chunked".equals(headers.get("transfer-encoding"))) {
            return in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        }
        var body = new ByteArrayOutputStream();
        for (int size = size(in); size > 0; size = size(in)) {
            body.write(in.readNBytes(size));
            line(in);
        }
        line(in);
        return body.toByteArray();
    }

    private static int size(InputStream in) throws IOException {
        return Integer.parseInt(line(in), 16);
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            line.write(b);
        }
        return line.toString(ISO_8859_1).strip();
    }
}
