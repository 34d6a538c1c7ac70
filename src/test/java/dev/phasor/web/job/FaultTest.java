package dev.phasor.web.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.web.refusal.ProblemCode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

class FaultTest {

    @Test
    void whatTheDiskDoesMayPass() {
        for (FileSystemException disk : new FileSystemException[] {
            new NoSuchFileException("body"),
            new AccessDeniedException("body"),
            new FileSystemException("body", null, "Too many open files")
        }) {
            assertThatThrownBy(() -> Fault.of(disk)).isSameAs(disk);
        }
    }

    @Test
    void whatTheContentIsDoesNot() throws IOException {
        assertThat(Fault.of(new ZipException("invalid distance")).code()).isEqualTo(ProblemCode.MALFORMED_BODY);
        assertThat(Fault.of(new EOFException()).code()).isEqualTo(ProblemCode.MALFORMED_BODY);
    }
}
