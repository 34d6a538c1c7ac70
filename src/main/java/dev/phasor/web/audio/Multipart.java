package dev.phasor.web.audio;

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
import org.springframework.web.HttpMediaTypeNotSupportedException;

/**
 * Reads a {@code multipart/form-data} body (RFC 7578) part by part as it arrives. Tomcat's own API writes each part to
 * a file before the part is known, and a killed process leaves the file behind.
 */
final class Multipart {

    /** The most parts of a form: Tomcat's default of maxPartCount. */
    private static final int MOST_PARTS = 50;

    /** The longest text of a parameter in bytes. */
    private static final int MOST_FIELD_BYTES = 1 << 10;

    /** Reads a part while its bytes arrive. */
    @FunctionalInterface
    interface PartReader {
        void read(FileItemStream part) throws IOException, HttpMediaTypeNotSupportedException;
    }

    private Multipart() {}

    /** @param sent the bytes of the body */
    static void read(Sent request, InputStream sent, PartReader reader)
            throws IOException, HttpMediaTypeNotSupportedException {
        UploadContext context = new UploadContext() {
            @Override
            public String getCharacterEncoding() {
                return StandardCharsets.UTF_8.name();
            }

            @Override
            public @Nullable String getContentType() {
                return request.contentType();
            }

            @Override
            public long contentLength() {
                return request.length();
            }

            @Override
            public InputStream getInputStream() {
                return sent;
            }
        };
        try {
            FileItemIterator parts = new Upload().getItemIterator(context);
            while (parts.hasNext()) {
                reader.read(parts.next());
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Refuses too many parts, parts without a name and nested forms without a boundary. Tomcat's parser skips any
     * number of unnamed parts, and fails on such a nested form.
     */
    private static final class Upload extends FileUpload {

        private int parts;

        @Override
        public FileItemHeaders getParsedHeaders(String headers) {
            if (++parts > MOST_PARTS) {
                throw new InvalidInputException(
                        Code.TOO_LARGE, "a form must have at most " + MOST_PARTS + " parts, got more");
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
    static String text(FileItemStream field) throws IOException {
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
