package dev.phasor.web.connection;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/** A zlib stream that is the whole of a body: what follows its end is no part of it, and is not passed over. */
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
