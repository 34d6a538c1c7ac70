package dev.phasor.web.form;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.tomcat.util.http.fileupload.FileItemHeaders;
import org.apache.tomcat.util.http.fileupload.FileItemIterator;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.apache.tomcat.util.http.fileupload.FileUpload;
import org.apache.tomcat.util.http.fileupload.FileUploadException;
import org.apache.tomcat.util.http.fileupload.UploadContext;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code multipart/form-data} body (RFC 7578) part by part as it arrives. Tomcat's own API writes each part to
 * a file before the part is known, and a killed process leaves the file behind.
 */
public final class Multipart {

    /** The most parts of a form: Tomcat's default of maxPartCount. */
    public static final int MOST_PARTS = 50;

    /** The longest text of a parameter in bytes. */
    private static final int MOST_FIELD_BYTES = 1 << 10;

    /** Reads a part while its bytes arrive. */
    @FunctionalInterface
    public interface PartReader<E extends Exception> {

        /** @return whether the next part is wanted */
        boolean read(FileItemStream part) throws IOException, E;
    }

    private Multipart() {}

    /**
     * Reads the parts, one after the other.
     *
     * @param contentType of the body, with the boundary
     * @param length of the body in bytes; -1 where it is unknown
     * @param mostParts that are read; past them {@code TOO_LARGE}
     */
    public static <E extends Exception> void read(
            @Nullable String contentType, long length, InputStream sent, int mostParts, PartReader<E> reader)
            throws IOException, E {
        UploadContext context = new UploadContext() {
            @Override
            public String getCharacterEncoding() {
                return StandardCharsets.UTF_8.name();
            }

            @Override
            public @Nullable String getContentType() {
                return contentType;
            }

            @Override
            public long contentLength() {
                return length;
            }

            @Override
            public InputStream getInputStream() {
                return sent;
            }
        };
        try {
            FileItemIterator parts = new Upload(mostParts).getItemIterator(context);
            boolean wanted = true;
            while (wanted && hasNext(parts)) {
                wanted = reader.read(parts.next());
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Reads the head of the next part, whose names may be encoded. */
    private static boolean hasNext(FileItemIterator parts) throws IOException {
        try {
            return parts.hasNext();
        } catch (InvalidInputException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw badParameter(
                    "the head of each part", "encoded as RFC 2047 says, or not at all", String.valueOf(e.getMessage()));
        }
    }

    /**
     * Refuses too many parts, parts without a name and nested forms without a boundary. Tomcat's parser skips any
     * number of unnamed parts, and fails on such a nested form.
     */
    private static final class Upload extends FileUpload {

        private final int most;
        private int parts;

        Upload(int most) {
            this.most = most;
            setFileCountMax(-1); // counted here, with the parts that are no files
        }

        @Override
        public FileItemHeaders getParsedHeaders(String headers) {
            if (++parts > most) {
                throw new InvalidInputException(
                        Code.TOO_LARGE, "a form must have at most " + most + " parts, got more");
            }
            return super.getParsedHeaders(headers);
        }

        @Override
        public String getFieldName(FileItemHeaders headers) {
            @Nullable String name = super.getFieldName(headers);
            if (name == null) {
                throw badParameter(
                        "each part of a form", "named, Content-Disposition: form-data; name=\"...\"", "none");
            }
            return name;
        }

        @Override
        public byte[] getBoundary(String contentType) {
            byte @Nullable [] boundary = super.getBoundary(contentType);
            if (boundary == null) {
                throw new UncheckedIOException(new FileUploadException("there is no boundary in " + contentType));
            }
            return boundary;
        }
    }

    /**
     * The text of a field, in UTF-8.
     *
     * @throws InvalidInputException {@code TOO_LARGE} if it is too long
     */
    public static String text(FileItemStream field) throws IOException {
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
}
