package dev.phasor.web.audio;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A request whose first bytes were looked at, and come again. */
final class Begun implements Sent {

    /** More than any header of an NPY file. */
    private static final int HEAD = 1 << 14;

    private final Sent request;
    private final byte[] head;
    private final InputStream body;

    /** Reads the first bytes of the body. */
    Begun(Sent request) throws IOException {
        this.request = request;
        InputStream rest = request.body();
        head = rest.readNBytes(HEAD);
        body = new SequenceInputStream(head(), rest);
    }

    /** The first bytes. */
    InputStream head() {
        return new ByteArrayInputStream(head);
    }

    @Override
    public InputStream body() {
        return body;
    }

    @Override
    public @Nullable String header(String name) {
        return request.header(name);
    }

    @Override
    public long length() {
        return request.length();
    }

    @Override
    public Map<String, String[]> parameters() {
        return request.parameters();
    }

    @Override
    public String client() {
        return request.client();
    }

    @Override
    public BooleanSupplier gone() {
        return request.gone();
    }
}
