package dev.phasor.speed;

import dev.phasor.phase.Floor;
import dev.phasor.phase.GradientPolicy;
import dev.phasor.phase.Phase;
import dev.phasor.phase.PhaseKernels;
import dev.phasor.quality.Magnitudes;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.Initialization;
import dev.phasor.reconstruction.PhaseReconstructor;
import dev.phasor.reconstruction.Progress;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.stft.PadMode;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.Window;
import java.util.Arrays;
import java.util.concurrent.Callable;

/** What is timed: n_fft 1024, hop 256, Hann, float32, as in torch_stages.py beside benchmarks/run. */
final class Stages {

    private static final int RATE = 22050;
    private static final int FFT_SIZE = 1024;

    /** What a stage repeats, and what is to be said of its result. */
    record TimedStage(Callable<Object> work, String note) {}

    private final StftParameters parameters = StftParameters.hann(FFT_SIZE, 256);
    private final Stft stft = new Stft(parameters);
    private final Phase phase = new Phase(PhaseKernels.host());
    private final float[] minute;
    private final ServiceStages service;

    /** @param minute 60 s */
    Stages(float[] minute) {
        this.minute = minute;
        this.service = new ServiceStages(minute, RATE);
    }

    TimedStage open(String name) throws Exception {
        return switch (name) {
            case "stft" -> forward(AudioSignal.mono(minute, RATE));
            case "istft" -> inverse(AudioSignal.mono(minute, RATE));
            case "stft_batch" -> forward(batch());
            case "istft_batch" -> inverse(batch());
            case "sum" -> {
                ComplexSpectrogram z = stft.forward(AudioSignal.mono(minute, RATE));
                yield stage(() -> sum(z.re(0), z.im(0)));
            }
            case "atan2" -> {
                ComplexSpectrogram z = stft.forward(AudioSignal.mono(minute, RATE));
                yield stage(() -> phase.angle(z));
            }
            case "phase_vjp" -> angleAndGradient();
            case "griffin_lim" -> griffinLim();
            case "rfft" -> transforms(10_000, 1);
            case "rfft_cached" -> transforms(16, 100);
            default -> new TimedStage(service.open(name), "");
        };
    }

    private static TimedStage stage(Callable<Object> work) {
        return new TimedStage(work, "");
    }

    private TimedStage forward(AudioSignal audio) {
        return stage(() -> stft.forward(audio));
    }

    private TimedStage inverse(AudioSignal audio) {
        ComplexSpectrogram z = stft.forward(audio);
        return stage(() -> stft.inverse(z, audio.length(), RATE));
    }

    /** 16 x 10 s. */
    private AudioSignal batch() {
        float[][] items = new float[16][10 * RATE];
        for (int i = 0; i < items.length; i++) {
            for (int t = 0; t < items[i].length; t++) {
                items[i][t] = minute[i * 3 * RATE + t % (3 * RATE)];
            }
        }
        return new AudioSignal(Shape.of(items.length), items, RATE);
    }

    /** Into a new plane, as {@link Phase#angle}. */
    private static float[] sum(float[] a, float[] b) {
        float[] sum = new float[a.length];
        Ranges.forEach(sum.length, sum.length, 1 << 12, (from, to) -> {
            for (int i = from; i < to; i++) {
                sum[i] = a[i] + b[i];
            }
        });
        return sum;
    }

    private TimedStage angleAndGradient() {
        ComplexSpectrogram z = stft.forward(AudioSignal.mono(minute, RATE));
        float[][] ones = z.shape().newPlanes();
        Arrays.fill(ones[0], 1);
        RealSpectrogram cotangent = new RealSpectrogram(z.shape(), ones);
        return stage(() ->
                new Object[] {phase.angle(z), phase.angleVjp(z, cotangent, GradientPolicy.CLAMPED, Floor.DEFAULT)});
    }

    /** From zero phase, as torchaudio. */
    private TimedStage griffinLim() {
        AudioSignal audio = AudioSignal.mono(Arrays.copyOf(minute, 10 * RATE), RATE);
        MagnitudeSpectrogram magnitude = Magnitudes.CONSISTENT.of(audio, parameters);
        ReconstructionParameters settings = ReconstructionParameters.of(parameters)
                .withInit(Initialization.ZERO)
                .withIterations(32)
                .withLength(audio.length());
        PhaseReconstructor algorithm = PhaseReconstructor.of(Algorithm.FAST_GRIFFINLIM);
        double db = algorithm
                .reconstruct(magnitude, settings, Progress.NONE)
                .report()
                .spectralConvergenceDb()
                .get(0);
        return new TimedStage(() -> algorithm.reconstruct(magnitude, settings, Progress.NONE), "%.2f dB".formatted(db));
    }

    /** Transforms of so many frames beside each other, through the STFT with neither overlap nor window. */
    private TimedStage transforms(int frames, int repetitions) {
        Window boxcar = Window.parse(Window.Kind.BOXCAR.wireName(), null);
        Stft plain = new Stft(new StftParameters(FFT_SIZE, FFT_SIZE, FFT_SIZE, boxcar, false, PadMode.CONSTANT));
        float[] x = new float[frames * FFT_SIZE];
        for (int t = 0; t < x.length; t++) {
            x[t] = minute[t % minute.length];
        }
        float[] re = new float[frames * (FFT_SIZE / 2 + 1)];
        float[] im = new float[re.length];
        return stage(() -> {
            for (int i = 0; i < repetitions; i++) {
                plain.forward(x, re, im);
            }
            return re;
        });
    }
}
