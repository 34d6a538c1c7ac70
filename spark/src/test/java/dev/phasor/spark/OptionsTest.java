package dev.phasor.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.operation.Endpoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

    private static Options parse(String... more) {
        List<String> all = new ArrayList<>(List.of("--input", "in", "--output", "out"));
        all.addAll(List.of(more));
        return Options.parse(all.toArray(String[]::new));
    }

    @Test
    void theOrderOfParametersDoesNotMatter() {
        Options one = parse("--operation", "mel", "--parameters", "n_mels=80, n_fft=512");
        Options other = parse("--operation", "mel", "--parameters", "n_fft=512,n_mels=80");
        assertThat(one.told()).isEqualTo(other.told()).isEqualTo("n_fft=512,n_mels=80");
        assertThat(parse("--operation=mel", "--parameters=n_mels=80,n_fft=512")).isEqualTo(other);
        assertThat(parse("--operation", "diagnose").endpoint()).isEqualTo(Endpoint.PHASE_DIAGNOSE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--operation stfd | --operation must be one of",
                "--operation stft --parameters n_fftt=512 | n_fft",
                "--operation stft --parameters n_fft=0 | n_fft must be",
                "--operation stft --parameters n_fft | NAME=VALUE",
                "--operation stft --parameters n_fft=2,n_fft=4 | once",
                "--operation stft --reference there | evaluate has it",
                "--operation evaluate --as sound | reference, magnitude or mel",
                "--operation stft --round 0 | 1 or more",
                "--operation stft --input | must have a value",
                "--operation stft --inputs there | an option must be one of",
                "--round 5 | --operation must be given",
            })
    void aMistakeIsSaidBeforeAnythingRuns(String options, String said) {
        assertThatThrownBy(() -> parse(options.split(" ")))
                .isInstanceOf(Options.UsageException.class)
                .hasMessageContaining(said);
    }
}
