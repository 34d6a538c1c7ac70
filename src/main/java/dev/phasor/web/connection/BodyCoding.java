package dev.phasor.web.connection;

import dev.phasor.compute.Turns;
import jakarta.servlet.http.HttpServletRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.tomcat.util.http.parser.AcceptEncoding;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotSupportedException;

/** The content codings of HTTP (RFC 9110, section 8.4.1): gzip, and deflate in its zlib wrapping. */
public enum BodyCoding {
    IDENTITY,
    GZIP,
    DEFLATE;

    private static final int BUFFER_BYTES = 1 << 16;

    /**
     * The coding of a request's body.
     *
     * @param types the media types that the API reads, for the response
     * @throws HttpMediaTypeNotSupportedException if Content-Encoding names another coding, or several
     */
    public static BodyCoding of(HttpServletRequest request, List<MediaType> types)
            throws HttpMediaTypeNotSupportedException {
        List<String> headers = Collections.list(request.getHeaders(HttpHeaders.CONTENT_ENCODING));
        return of(headers.isEmpty() ? null : String.join(", ", headers), types);
    }

    /** {@link #of(HttpServletRequest, List)} by the header's values, joined by commas. */
    public static BodyCoding of(@Nullable String header, List<MediaType> types)
            throws HttpMediaTypeNotSupportedException {
        BodyCoding coding = header == null ? IDENTITY : named(header);
        if (coding == null) {
            throw new HttpMediaTypeNotSupportedException(
                    "Content-Encoding must be gzip, deflate or identity, got " + header, types);
        }
        return coding;
    }

    /**
     * The coding that Accept-Encoding prefers; IDENTITY if the header is missing, malformed or names no known coding.
     */
    public static BodyCoding accepted(HttpServletRequest request) {
        @Nullable String header = request.getHeader(HttpHeaders.ACCEPT_ENCODING);
        if (header == null) {
            return IDENTITY;
        }
        try {
            return AcceptEncoding.parse(new StringReader(header)).stream()
                    .filter(range -> range.getQuality() > 0 && named(range.getEncoding()) != null)
                    .max(Comparator.comparingDouble(AcceptEncoding::getQuality))
                    .map(range -> named(range.getEncoding()))
                    .orElse(IDENTITY);
        } catch (IOException e) {
            return IDENTITY;
        }
    }

    private static @Nullable BodyCoding named(String name) {
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip" -> GZIP;
            case "deflate" -> DEFLATE;
            case "identity" -> IDENTITY;
            default -> null;
        };
    }

    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Decodes a body to its end. A gzip body may have several members, and each member's checksum is verified. Reading
     * throws an {@link IOException} for bytes that are not a gzip member, and for bytes after the end of a zlib stream.
     */
    public InputStream decode(InputStream in) throws IOException {
        return switch (this) {
            case IDENTITY -> in;
            case GZIP -> Turns.decode(in, Members::new);
            case DEFLATE -> Turns.decode(in, WholeInflater::new);
        };
    }

    /** Encodes at the fastest level: binary numbers hardly shrink at any level. */
    public OutputStream encode(OutputStream out) throws IOException {
        return switch (this) {
            case IDENTITY -> out;
            case GZIP -> new FastGzip(out);
            case DEFLATE -> new FastDeflate(out);
        };
    }

    /**
     * Decodes the members of a gzip body. The library throws a plain {@link IOException} for malformed gzip; this class
     * turns it into a {@link ZipException}.
     */
    private static final class Members extends FilterInputStream {

        Members(InputStream in) throws IOException {
            super(GzipCompressorInputStream.builder()
                    .setInputStream(new ShortHeaders(in, BUFFER_BYTES))
                    .setDecompressConcatenated(true)
                    .get());
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException e) {
                throw typed(e);
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int count) throws IOException {
            try {
                return super.read(bytes, offset, count);
            } catch (IOException e) {
                throw typed(e);
            }
        }

        private static IOException typed(IOException e) {
            return e.getClass() == IOException.class ? (IOException) new ZipException(e.getMessage()).initCause(e) : e;
        }
    }

    private static final class FastGzip extends GZIPOutputStream {

        FastGzip(OutputStream out) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    private static final class FastDeflate extends DeflaterOutputStream {

        FastDeflate(OutputStream out) {
            super(out);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
