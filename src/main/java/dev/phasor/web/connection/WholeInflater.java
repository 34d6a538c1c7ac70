package dev.phasor.web.connection;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/** Inflates a zlib stream that must be the whole body. Bytes after its end are an error. */
final class WholeInflater extends InflaterInputStream {

    WholeInflater(InputStream in) {
        super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        int read = super.read(bytes, offset, count);
        if (read < 0 && (inf.getRemaining() > 0 || in.read() >= 0)) {
            throw new ZipException("the body must end with its zlib stream, got more after it");
        }
        return read;
    }
}
