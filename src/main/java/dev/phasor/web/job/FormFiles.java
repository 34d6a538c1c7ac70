package dev.phasor.web.job;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.job.Attempt;
import dev.phasor.job.KeptRequest;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.web.form.Multipart;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.InvalidFileNameException;
import org.jspecify.annotations.Nullable;

/**
 * A form with several parts named {@code file}: each is a request of its own, and the other fields are the parameters
 * of all. The parts are taken out of the body into files of the job, since a form can only be read from its beginning.
 *
 * @param files by their names
 * @param query the parameters of the URL and of the form
 */
record FormFiles(List<Batch.Item> files, String query) {

    private static final String FILE = "file";

    /** Whether a job's body is such a form. */
    static boolean isOne(Attempt attempt) throws IOException {
        if (!isForm(attempt.job().request())) {
            return false;
        }
        int[] files = new int[1];
        parts(attempt, part -> {
            files[0] += isFile(part) ? 1 : 0;
            return files[0] < 2;
        });
        return files[0] == 2;
    }

    private static boolean isFile(FileItemStream part) {
        return FILE.equals(part.getFieldName());
    }

    private static boolean isForm(KeptRequest request) {
        String type = request.contentType();
        return type != null
                && request.contentEncoding() == null
                && type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
    }

    static FormFiles read(Attempt attempt) throws IOException {
        List<Batch.Item> files = new ArrayList<>();
        List<String> query = new ArrayList<>();
        if (!attempt.job().request().query().isEmpty()) {
            query.add(attempt.job().request().query());
        }
        int[] fields = new int[1];
        parts(attempt, part -> {
            if (isFile(part)) {
                files.add(kept(attempt, part, files.size()));
            } else if (!part.isFormField()) {
                throw new InvalidInputException(
                        Code.BAD_PARAMETER,
                        "a form of several files must have no other input than file, got " + part.getFieldName());
            } else if (++fields[0] > Multipart.MOST_PARTS) {
                throw new InvalidInputException(
                        Code.TOO_LARGE,
                        "a form must have at most " + Multipart.MOST_PARTS + " parts beside its files, got more");
            } else {
                query.add(encoded(part.getFieldName()) + "=" + encoded(Multipart.text(part)));
            }
            return true;
        });
        return new FormFiles(files, String.join("&", query));
    }

    private static Batch.Item kept(Attempt attempt, FileItemStream part, int number) throws IOException {
        if (number == Batch.MOST) {
            throw new InvalidInputException(
                    Code.TOO_LARGE, "a form must have at most " + Batch.MOST + " files, got more");
        }
        String kept = "in-" + number;
        if (!Files.exists(attempt.kept(kept))) {
            try (InputStream in = part.openStream()) {
                attempt.keep(kept, in::transferTo);
            }
        }
        @Nullable String name = name(part);
        return new Batch.Item(
                name == null ? FILE + "-" + number : name,
                Files.size(attempt.kept(kept)),
                () -> Files.newInputStream(attempt.kept(kept)));
    }

    private static @Nullable String name(FileItemStream part) {
        try {
            @Nullable String name = part.getName();
            // Half of a pair of surrogates is no character, and no name of a ZIP's entry.
            return name == null ? null : new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        } catch (InvalidFileNameException e) {
            throw badParameter(
                    "filename", "without the character 0", e.getName().replace('\0', '?'));
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static void parts(Attempt attempt, Multipart.PartReader<IOException> reader) throws IOException {
        try (InputStream body = new BufferedInputStream(attempt.body(), 1 << 16)) {
            Multipart.read(
                    attempt.job().request().contentType(),
                    attempt.bodyBytes(),
                    body,
                    Batch.MOST + Multipart.MOST_PARTS,
                    reader);
        }
    }
}
