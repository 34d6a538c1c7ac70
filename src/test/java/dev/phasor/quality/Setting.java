package dev.phasor.quality;

import dev.phasor.stft.PadMode;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.Window;

/** The transforms that the table is made for. */
public enum Setting {
    S1("Hann 1024/256", StftParameters.hann(1024, 256)),
    S2("Hann 2048/256", StftParameters.hann(2048, 256)),
    S3(
            "truncated Gaussian 2048/256",
            new StftParameters(
                    2048,
                    256,
                    2048,
                    new Window(Window.Kind.TRUNCATED_GAUSSIAN, Window.DEFAULT),
                    true,
                    PadMode.CONSTANT));

    private final String description;
    private final StftParameters stft;

    Setting(String description, StftParameters stft) {
        this.description = description;
        this.stft = stft;
    }

    public String description() {
        return description;
    }

    public StftParameters stft() {
        return stft;
    }
}
