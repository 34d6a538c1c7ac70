package dev.phasor.spark;

import java.io.Serializable;

/**
 * A file of the corpus.
 *
 * @param path below the input folder
 * @param bytes of it
 * @param modified when it was last written, in milliseconds since 1970
 * @param answer the name of its answer below the output folder, without the ending that the answer's format has
 */
record Recording(String path, long bytes, long modified, String answer) implements Serializable {

    /** A path without its ending. */
    static String stem(String path) {
        int dot = path.lastIndexOf('.');
        return dot > path.lastIndexOf('/') + 1 ? path.substring(0, dot) : path;
    }
}
