package dev.phasor.spark;

import dev.phasor.codec.NpyArray;
import dev.phasor.operation.Answer;
import dev.phasor.operation.Endpoint;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.Shape;
import java.io.IOException;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.jspecify.annotations.Nullable;

/**
 * {@code mel(sound, parameters)}: mels as {@code [channel][mel][frame]}. The sound is a file's bytes or an array of
 * samples, and the parameters are {@code 'n_fft=1024,n_mels=80'}. Null for null, and for a sound that is refused.
 */
public final class Mel implements UDF2<Object, String, float @Nullable [][][]> {

    private static final long serialVersionUID = 1L;

    /** What it returns. */
    static final DataType TYPE = DataTypes.createArrayType(
            DataTypes.createArrayType(DataTypes.createArrayType(DataTypes.FloatType, false), false), false);

    @Override
    public float @Nullable [][][] call(@Nullable Object sound, @Nullable String parameters) throws IOException {
        if (sound == null) {
            return null;
        }
        try {
            return Engine.with(engine -> engine.answer(
                    Endpoint.MEL,
                    Options.parameters(Endpoint.MEL, parameters == null ? "" : parameters),
                    (inputs, description, memory) ->
                            new Sound(sound).read(dev.phasor.operation.Input.FILE, inputs, description, memory),
                    (answer, call) -> channels(answer)));
        } catch (InvalidInputException e) {
            return null;
        }
    }

    private static float[][][] channels(Answer answer) {
        NpyArray array = answer.arrays().values().iterator().next().rowMajor();
        Shape shape = array.shape();
        int mels = shape.size(shape.rank() - 2);
        int frames = shape.size(shape.rank() - 1);
        int channels = mels * frames == 0 ? 0 : array.real().length / (mels * frames);
        float[][][] values = new float[channels][mels][frames];
        int at = 0;
        for (float[][] channel : values) {
            for (float[] mel : channel) {
                System.arraycopy(array.real(), at, mel, 0, frames);
                at += frames;
            }
        }
        return values;
    }
}
