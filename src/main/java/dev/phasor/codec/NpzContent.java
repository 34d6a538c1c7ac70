package dev.phasor.codec;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** What an entry of an NPZ file holds: an array, or a value without an axis. One of the two is null. */
record NpzContent(@Nullable NpyArray array, @Nullable String scalar) {

    static final String CHECKSUM = "the checksum must be that of the data";

    /**
     * @param npy is read to its end
     * @param used bytes of the arrays before it
     */
    static NpzContent read(InputStream npy, CodecLimits limits, long used) throws IOException {
        NpyDictionary dictionary = NpyHeader.dictionary(npy);
        return dictionary.shape().length == 0
                ? new NpzContent(null, NpyScalar.read(dictionary.descr(), npy))
                : new NpzContent(NpyReader.read(NpyHeader.of(dictionary, limits, used), npy, limits), null);
    }

    /** That the limits count. */
    long bytes() {
        return array == null
                ? 0
                : 4L * array.dtype().components() * array.shape().count();
    }
}
