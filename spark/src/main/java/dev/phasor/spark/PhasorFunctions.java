package dev.phasor.spark;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;

/** The functions of a DataFrame: as columns, and by name in SQL and from Python. */
public final class PhasorFunctions {

    private PhasorFunctions() {}

    /**
     * Gives a session {@code mel(sound, parameters)} and {@code spectral_convergence(sound, reference, parameters)}.
     */
    public static void register(SparkSession spark) {
        spark.udf().register("mel", new Mel(), Mel.TYPE);
        spark.udf().register("spectral_convergence", new SpectralConvergence(), SpectralConvergence.TYPE);
    }

    /**
     * Mels, {@code [channel][mel][frame]}; see {@link Mel}.
     *
     * @param sound a file's bytes, or samples
     * @param parameters such as {@code mel=whisper}
     */
    public static Column mel(Column sound, String parameters) {
        return udf(new Mel(), Mel.TYPE).apply(sound, lit(parameters));
    }

    /** A figure in dB; see {@link SpectralConvergence}. */
    public static Column spectralConvergence(Column sound, Column reference, String parameters) {
        return udf(new SpectralConvergence(), SpectralConvergence.TYPE).apply(sound, reference, lit(parameters));
    }
}
