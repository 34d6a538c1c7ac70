package dev.phasor.mel;

/** A scale of pitch: hertz to mel and back. */
public enum MelScale {
    /** 2595 log10(1 + f/700): the HTK book; torchaudio's default. */
    HTK {
        @Override
        double mel(double hertz) {
            return 2595 * Math.log10(1 + hertz / 700);
        }

        @Override
        double hertz(double mel) {
            return 700 * (Math.pow(10, mel / 2595) - 1);
        }
    },
    /**
     * 200/3 Hz a mel below 1 kHz, above it 27 mels for a factor of 6.4: Slaney, "Auditory Toolbox" (1998); librosa's
     * default.
     */
    SLANEY {
        @Override
        double mel(double hertz) {
            return hertz < BREAK ? hertz / LINEAR : BREAK / LINEAR + Math.log(hertz / BREAK) / STEP;
        }

        @Override
        double hertz(double mel) {
            double linear = BREAK / LINEAR;
            return mel < linear ? mel * LINEAR : BREAK * Math.exp((mel - linear) * STEP);
        }
    };

    private static final double BREAK = 1000;
    private static final double LINEAR = 200.0 / 3;
    private static final double STEP = Math.log(6.4) / 27;

    abstract double mel(double hertz);

    abstract double hertz(double mel);
}
