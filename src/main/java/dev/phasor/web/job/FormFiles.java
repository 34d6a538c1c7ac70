package dev.phasor.web.job;

import dev.phasor.job.Attempt;
import dev.phasor.job.KeptRequest;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.tomcat.util.http.fileupload.FileItemIterator;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.UploadContext;
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

    private static final int MOST_FIELD_BYTES = 1 << 10;

    /** Whether a job's body is such a form. */
    static boolean isOne(Attempt attempt) throws IOException {
        if (!isForm(attempt.job().request())) {
            return false;
        }
        int files = 0;
        try (InputStream body = open(attempt)) {
            FileItemIterator parts = parts(attempt, body);
            while (files < 2 && parts.hasNext()) {
                files += FILE.equals(parts.next().getFieldName()) ? 1 : 0;
            }
        }
        return files == 2;
    }

    private static boolean isForm(KeptRequest request) {
        String type = request.contentType();
        return type != null
                && request.contentEncoding() == null
                && type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
    }

    static FormFiles read(Attempt attempt) throws IOException {
        List<Batch.Item> files = new ArrayList<>();
        StringBuilder query = new StringBuilder(attempt.job().request().query());
        try (InputStream body = open(attempt)) {
            FileItemIterator parts = parts(attempt, body);
            while (parts.hasNext()) {
                FileItemStream part = parts.next();
                if (FILE.equals(part.getFieldName())) {
                    files.add(kept(attempt, part, files.size()));
                } else if (part.isFormField()) {
                    query.append(query.isEmpty() ? "" : "&")
                            .append(encoded(String.valueOf(part.getFieldName())))
                            .append('=')
                            .append(encoded(text(part)));
                } else {
                    throw new InvalidInputException(
                            Code.BAD_PARAMETER,
                            "a form of several files must have no other input than file, got " + part.getFieldName());
                }
            }
        }
        return new FormFiles(files, query.toString());
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
        @Nullable String name = part.getName();
        return new Batch.Item(
                name == null ? FILE + "-" + number : name,
                Files.size(attempt.kept(kept)),
                () -> Files.newInputStream(attempt.kept(kept)));
    }

    private static String text(FileItemStream field) throws IOException {
        try (InputStream in = field.openStream()) {
            byte[] text = in.readNBytes(MOST_FIELD_BYTES + 1);
            if (text.length > MOST_FIELD_BYTES) {
                throw new InvalidInputException(
                        Code.TOO_LARGE,
                        "the field " + field.getFieldName() + " must be at most " + MOST_FIELD_BYTES + " bytes");
            }
            return new String(text, StandardCharsets.UTF_8);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static InputStream open(Attempt attempt) throws IOException {
        return new BufferedInputStream(attempt.body(), 1 << 16);
    }

    private static FileItemIterator parts(Attempt attempt, InputStream body) throws IOException {
        FileUpload upload = new FileUpload();
        upload.setFileCountMax(-1);
        return upload.getItemIterator(new UploadContext() {
            @Override
            public String getCharacterEncoding() {
                return StandardCharsets.UTF_8.name();
            }

            @Override
            public @Nullable String getContentType() {
                return attempt.job().request().contentType();
            }

            @Override
            public long contentLength() {
                return attempt.bodyBytes();
            }

            @Override
            public InputStream getInputStream() {
                return body;
            }
        });
    }
}
