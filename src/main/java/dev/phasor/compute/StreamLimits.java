package dev.phasor.compute;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How sound files are streamed in blocks, and where their answers are stored until they are complete.
 *
 * @param from the least size of a streamed file; a file of unknown size is streamed too, a smaller one is held in
 *     memory
 * @param maxUpload the largest sound file that is streamed; a longer file is answered 413
 * @param memory bytes of an answer that are stored in memory; the rest is stored in a file
 * @param maxSpool bytes that all stored answers may take on disk together; past it 503
 * @param directory of the files, by default the system's temporary directory; a file has no name after it is opened, so
 *     no file is left behind
 * @throws IllegalArgumentException unless the directory exists and is writable
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
