package dev.phasor.web.job;

import dev.phasor.job.Attempt;
import dev.phasor.job.KeptAnswer;
import dev.phasor.web.refusal.ProblemCode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** The ZIP of a batch's answers, from the files that the attempt has kept, and its manifest. */
final class BatchAnswer {

    private static final String MANIFEST = "manifest.json";

    private static final int MOST_HEAD = 1 << 17;

    private final ObjectMapper mapper;
    private final Attempt attempt;
    private final List<String> files;

    /** @param files the names of all */
    BatchAnswer(ObjectMapper mapper, Attempt attempt, List<String> files) {
        this.mapper = mapper;
        this.attempt = attempt;
        this.files = files;
    }

    /** The name under which an attempt keeps a file's answer: a line that describes it, and its body. */
    static String kept(int number) {
        return "out-" + number;
    }

    void write(KeptAnswer answer) throws IOException {
        List<@Nullable String> answered = new ArrayList<>();
        answer.header(HttpHeaders.CONTENT_TYPE, Batch.TYPE);
        answer.header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"answers.zip\"");
        // Its bytes are counted as those of the files.
        OutputStream out = attempt.looking(answer.uncounted());
        try (ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            // Values of sound hardly shrink, and would take many times as long.
            zip.setLevel(Deflater.NO_COMPRESSION);
            zip.putNextEntry(new ZipEntry(MANIFEST));
            manifest(answered, zip);
            for (int i = 0; i < files.size(); i++) {
                String name = answered.get(i);
                if (name != null) {
                    zip.putNextEntry(new ZipEntry(name));
                    try (InputStream in = open(attempt.kept(kept(i)))) {
                        head(in);
                        in.transferTo(zip);
                    }
                }
            }
        }
    }

    /**
     * Writes a line for each file.
     *
     * @param answered modified: the name of each file's answer in the ZIP, null where it has none
     */
    private void manifest(List<@Nullable String> answered, OutputStream out) throws IOException {
        AnswerNames names = new AnswerNames(MANIFEST);
        try (JsonGenerator json = mapper.writerWithDefaultPrettyPrinter()
                .without(StreamWriteFeature.AUTO_CLOSE_TARGET)
                .createGenerator(out)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("files");
            for (int i = 0; i < files.size(); i++) {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("name", files.get(i));
                answered.add(describe(i, files.get(i), names, line));
                json.writePOJO(line);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    /**
     * What became of a file.
     *
     * @param names of the answers before it, modified
     * @param line modified
     * @return the name of its answer, null if there is none
     */
    private @Nullable String describe(int number, String file, AnswerNames names, Map<String, Object> line)
            throws IOException {
        Path answer = attempt.kept(kept(number));
        if (!Files.exists(answer)) {
            Fault fault = new Fault(ProblemCode.CANCELLED, "the job was cancelled before there was an answer to it");
            line.putAll(fault.line());
            return null;
        }
        try (InputStream in = open(answer)) {
            JsonNode head = head(in);
            head.properties().forEach(field -> line.put(field.getKey(), field.getValue()));
            if (!head.has("extension")) {
                return null;
            }
            line.remove("extension");
            String name = names.of(file, head.get("extension").asString());
            line.put("answer", name);
            return name;
        }
    }

    private static InputStream open(Path kept) throws IOException {
        return new BufferedInputStream(Files.newInputStream(kept), MOST_HEAD);
    }

    /** The first line of a kept answer. */
    private JsonNode head(InputStream in) throws IOException {
        in.mark(MOST_HEAD);
        byte[] bytes = in.readNBytes(MOST_HEAD);
        int end = 0;
        while (bytes[end] != '\n') {
            end++;
        }
        in.reset();
        in.skipNBytes(end + 1L);
        return mapper.readTree(bytes, 0, end);
    }
}
