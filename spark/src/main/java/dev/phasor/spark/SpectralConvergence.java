package dev.phasor.spark;

import static java.util.Objects.requireNonNull;

import dev.phasor.operation.Answer;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Input;
import dev.phasor.signal.InvalidInputException;
import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;

/**
 * {@code spectral_convergence(sound, reference, parameters)}: how near the magnitudes of a sound come to those of
 * another, in dB, of the worst channel. Null for null, and for sounds that are refused.
 */
public final class SpectralConvergence implements UDF3<Object, Object, String, @Nullable Double> {

    private static final long serialVersionUID = 1L;

    /** What it returns. */
    static final DataType TYPE = DataTypes.DoubleType;

    @Override
    public @Nullable Double call(@Nullable Object sound, @Nullable Object reference, @Nullable String parameters)
            throws IOException {
        if (sound == null || reference == null) {
            return null;
        }
        try {
            return Engine.with(engine -> engine.answer(
                    Endpoint.EVALUATE,
                    Options.parameters(Endpoint.EVALUATE, parameters == null ? "" : parameters),
                    (inputs, description, memory) -> {
                        new Sound(sound).read(Input.AUDIO, inputs, description, memory);
                        new Sound(reference).read(Input.REFERENCE, inputs, description, memory);
                    },
                    (answer, call) -> worst(answer)));
        } catch (InvalidInputException e) {
            return null;
        }
    }

    private static Double worst(Answer answer) {
        Object figure = requireNonNull(answer.report().get("spectral_convergence_db"));
        if (figure instanceof List<?> channels) {
            return channels.stream()
                    .mapToDouble(each -> ((Number) each).doubleValue())
                    .max()
                    .orElse(Double.NaN);
        }
        return ((Number) figure).doubleValue();
    }
}
