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
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.io.input.BoundedInputStream;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.InvalidFileNameException;
import org.jspecify.annotations.Nullable;

/**
 * A form with several parts named {@code file}: each is a request of its own, and the other fields are the parameters
 * of all. The files are taken out of the body into one file of the job, since a form can only be read from its
 * beginning, and a file each would take the disk longer than their bytes.
 *
 * @param files by their names
 * @param query the parameters of the URL and of the form
 */
record FormFiles(List<Batch.Item> files, String query) {

    private static final String FILE = "file";

    /** The name under which an attempt keeps the files. */
    private static final String KEPT = "in";

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
        FormFiles[] read = new FormFiles[1];
        if (Files.exists(attempt.kept(KEPT))) {
            read[0] = read(attempt, OutputStream.nullOutputStream());
        } else {
            attempt.keep(KEPT, out -> read[0] = read(attempt, attempt.looking(out)));
        }
        return read[0];
    }

    /** @param taken receives the files, one behind the other */
    private static FormFiles read(Attempt attempt, OutputStream taken) throws IOException {
        List<Batch.Item> files = new ArrayList<>();
        List<String> query = new ArrayList<>();
        if (!attempt.job().request().query().isEmpty()) {
            query.add(attempt.job().request().query());
        }
        int[] fields = new int[1];
        long[] offset = new long[1];
        parts(attempt, part -> {
            attempt.gone();
            if (isFile(part)) {
                if (files.size() == Batch.MOST) {
                    throw new InvalidInputException(
                            Code.TOO_LARGE, "a form must have at most " + Batch.MOST + " files, got more");
                }
                Batch.Item file = file(attempt, part, files.size(), offset[0], taken);
                files.add(file);
                offset[0] += file.bytes();
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

    private static Batch.Item file(Attempt attempt, FileItemStream part, int number, long offset, OutputStream taken)
            throws IOException {
        long bytes;
        try (InputStream in = part.openStream()) {
            bytes = in.transferTo(taken);
        }
        @Nullable String name = name(part);
        return new Batch.Item(name == null ? FILE + "-" + number : name, bytes, () -> {
            SeekableByteChannel all = Files.newByteChannel(attempt.kept(KEPT)).position(offset);
            return BoundedInputStream.builder()
                    .setInputStream(attempt.reading(Channels.newInputStream(all)))
                    .setMaxCount(bytes)
                    .get();
        });
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
