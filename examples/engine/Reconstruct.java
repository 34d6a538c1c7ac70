import dev.phasor.codec.*;
import dev.phasor.reconstruction.*;
import dev.phasor.signal.*;
import dev.phasor.stft.*;
import java.io.*;

/** A sound file's magnitudes back to sound: {@code Reconstruct in.wav out.wav}. */
class Reconstruct {

    public static void main(String[] files) throws IOException {
        try (InputStream in = new FileInputStream(files[0]);
                OutputStream out = new FileOutputStream(files[1])) {
            AudioSignal speech = WavReader.readAll(in, new CodecLimits(CodecLimits.LARGEST));
            Stft stft = new Stft(StftParameters.hann(1024, 256));
            MagnitudeSpectrogram magnitude = stft.forward(speech).magnitude();
            ReconstructionParameters parameters = ReconstructionParameters.of(stft.parameters())
                    .withLength(speech.length())
                    .withSampleRate(speech.sampleRate());
            Reconstruction found = PhaseReconstructor.of(Algorithm.AUTO)
                    .reconstruct(magnitude, parameters, Progress.NONE);
            WavWriter.write(found.audio(), WavEncoding.FLOAT32, out);
            System.out.println("spectral convergence " + found.report().spectralConvergenceDb() + " dB");
        }
    }
}
