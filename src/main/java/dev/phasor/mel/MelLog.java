package dev.phasor.mel;

/** The logarithm that a trainer takes of a mel. */
public enum MelLog {
    NONE(0),
    LN(1),
    LOG10(1 / Math.log(10)),
    /** Decibels: 20 log10 of an amplitude, 10 log10 of a power. */
    DB(20 / Math.log(10));

    private final double perNeper;

    MelLog(double perNeper) {
        this.perNeper = perNeper;
    }

    /** The value of one neper of the mel, whose power is 1 or 2. */
    double perNeper(int power) {
        return this == DB ? perNeper / power : perNeper;
    }
}
