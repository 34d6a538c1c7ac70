package dev.phasor.compute;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How sound files flow through in blocks, and where their answers wait until they are whole.
 *
 * @param from a sound file of at least so many bytes, or of unknown size, flows; a smaller one is held in memory
 * @param maxUpload the largest sound file that flows; a longer one is answered 413
 * @param memory bytes of an answer that wait in memory; what is longer waits in a file
 * @param maxSpool bytes that all waiting answers may take on disk together; beyond it 503
 * @param directory of the files, which have no name once they are open, so that none is left behind; the system's
 *     temporary one unless given
 * @throws IllegalArgumentException if the directory is none that can be written
 */
@Validated
@ConfigurationProperties("phasor.stream")
public record StreamLimits(
        @DefaultValue("1MB") DataSize from,
        @DefaultValue("8GB") DataSize maxUpload,
        @DefaultValue("4MB") DataSize memory,
        @DefaultValue("16GB") DataSize maxSpool,
        @Nullable Path directory) {

    public StreamLimits {
        if (directory != null && !(Files.isDirectory(directory) && Files.isWritable(directory))) {
            throw new IllegalArgumentException(
                    "phasor.stream.directory must be a folder that can be written, got " + directory);
        }
    }
}
