package dev.phasor.device;

import dev.phasor.Recordings;
import dev.phasor.reconstruction.AcceleratedMap;
import dev.phasor.reconstruction.AcceleratedMap.Kind;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.Initialization;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.PhaseReconstructor;
import dev.phasor.reconstruction.Progress;
import dev.phasor.reconstruction.Reconstruction;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.PlaneOrder;
import dev.phasor.signal.Rows;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * The device against the host: how near on the recordings of {@code -Dphasor.audio}, and how fast. Run by
 * benchmarks/gpu.
 */
final class DeviceTable {

    private static final StftParameters STFT = StftParameters.hann(1024, 256);
    private static final int RATE = 22050;

    /** The host's code is compiled while it runs first. */
    private static final long LEAST_NANOSECONDS = 500_000_000;

    private static final List<Algorithm> ALGORITHMS = Arrays.stream(Algorithm.values())
            .filter(algorithm -> algorithm.iterative() && !algorithm.isLive())
            .toList();

    private final Kernels host = Kernels.best();
    private final OpenClDevice device;
    private final Binding binding;
    private final Kernels beside;

    private DeviceTable() {
        device = TestDevice.require();
        binding = new OpenCl(device);
        beside = host.beside(new DeviceAccelerator(
                device.name(),
                binding,
                new DeviceMemory(device.memory() / 100 * 70),
                device.largest(),
                Duration.ofHours(1),
                List.of(),
                LeastWork.ANY));
    }

    /** @param arguments {@code near SECONDS}, of each recording at most, or {@code fast SECONDS...} of noise */
    public static void main(String[] arguments) {
        DeviceTable table = new DeviceTable();
        print(
                "# %s, %s, %.1f GB; %d processors",
                table.device.name(),
                table.device.driver(),
                table.device.memory() / 1e9,
                Runtime.getRuntime().availableProcessors());
        if (arguments[0].equals("near")) {
            table.near(Integer.parseInt(arguments[1]));
        } else {
            for (String seconds : List.of(arguments).subList(1, arguments.length)) {
                table.fast(Integer.parseInt(seconds));
            }
        }
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    private void near(int seconds) {
        print("| recording | algorithm | samples of 4 iterations, of the peak | host, dB | device - host, dB |");
        print("|---|---|---|---|---|");
        double mostSamples = 0;
        double mostDb = 0;
        double mostOfAuto = 0;
        for (Path wav : Recordings.all()) {
            AudioSignal audio = cut(Recordings.read(wav), seconds);
            MagnitudeSpectrogram magnitude = new Stft(STFT).forward(audio).magnitude();
            for (Algorithm algorithm : ALGORITHMS) {
                double samples = difference(
                        run(host, algorithm, magnitude, audio, 4), run(beside, algorithm, magnitude, audio, 4));
                Reconstruction onHost = run(host, algorithm, magnitude, audio, 32);
                Reconstruction onDevice = run(beside, algorithm, magnitude, audio, 32);
                double worst = 0;
                for (int item = 0; item < audio.items(); item++) {
                    double difference =
                            onDevice.report().spectralConvergenceDb().get(item)
                                    - onHost.report().spectralConvergenceDb().get(item);
                    worst = Math.abs(difference) > Math.abs(worst) ? difference : worst;
                }
                mostSamples = Math.max(mostSamples, samples);
                if (algorithm == Algorithm.AUTO || algorithm == Algorithm.COARSE_TO_FINE) {
                    mostOfAuto = Math.max(mostOfAuto, Math.abs(worst));
                } else {
                    mostDb = Math.max(mostDb, Math.abs(worst));
                }
                print(
                        "| %s | %s | %.1e | %.2f | %+.4f |",
                        wav.getFileName(),
                        algorithm.wireName(),
                        samples,
                        onHost.report().spectralConvergenceDb().get(0),
                        worst);
            }
        }
        print("");
        print("Most: samples %.1e, %.4f dB, of auto and coarse_to_fine %.4f dB.", mostSamples, mostDb, mostOfAuto);
    }

    private static AudioSignal cut(AudioSignal audio, int seconds) {
        int length = (int) Math.min(audio.length(), (long) seconds * audio.sampleRate());
        float[][] samples = new float[audio.items()][];
        Arrays.setAll(samples, item -> Arrays.copyOf(audio.samples(item), length));
        return new AudioSignal(audio.leading(), samples, audio.sampleRate());
    }

    private static Reconstruction run(
            Kernels kernels, Algorithm algorithm, MagnitudeSpectrogram magnitude, AudioSignal audio, int iterations) {
        return run(kernels, algorithm, Initialization.PGHI, magnitude, audio, iterations);
    }

    private static Reconstruction run(
            Kernels kernels,
            Algorithm algorithm,
            Initialization init,
            MagnitudeSpectrogram magnitude,
            AudioSignal audio,
            int iterations) {
        Reconstruction result = PhaseReconstructor.of(algorithm, kernels)
                .reconstruct(
                        magnitude,
                        ReconstructionParameters.of(STFT)
                                .withIterations(iterations)
                                .withInit(init)
                                .withLength(audio.length()),
                        Progress.NONE);
        if (kernels.accelerator().exists() && result.report().device() == null) {
            throw new IllegalStateException("the device did not compute: " + result.report());
        }
        return result;
    }

    private static double difference(Reconstruction a, Reconstruction b) {
        double peak = 0;
        double most = 0;
        for (int item = 0; item < a.audio().items(); item++) {
            float[] x = a.audio().samples(item);
            float[] y = b.audio().samples(item);
            for (int t = 0; t < x.length; t++) {
                peak = Math.max(peak, Math.abs(x[t]));
                most = Math.max(most, Math.abs(x[t] - y[t]));
            }
        }
        return peak == 0 ? most : most / peak;
    }

    private void fast(int seconds) {
        for (int batch : new int[] {1, 16}) {
            AudioSignal audio = noise(batch, seconds);
            MagnitudeSpectrogram magnitude = new Stft(STFT).forward(audio).magnitude();
            iteration(batch, seconds, magnitude, audio.length());
            transfers(batch, seconds, magnitude.shape().frames());
            kernels(batch, seconds, magnitude.shape().frames());
            row(Algorithm.GRIFFINLIM, Initialization.ZERO, 32, seconds, magnitude, audio);
            row(Algorithm.GRIFFINLIM, Initialization.PGHI, 32, seconds, magnitude, audio);
            row(Algorithm.HYBRID, Initialization.ZERO, 100, seconds, magnitude, audio);
            row(Algorithm.AUTO, Initialization.PGHI, 100, seconds, magnitude, audio);
        }
    }

    /** Both with all transfers and first phases, in turns, the better of two. */
    private void row(
            Algorithm algorithm,
            Initialization init,
            int iterations,
            int seconds,
            MagnitudeSpectrogram magnitude,
            AudioSignal audio) {
        double onHost = Double.POSITIVE_INFINITY;
        double onDevice = Double.POSITIVE_INFINITY;
        for (int turn = 0; turn < 2; turn++) {
            onDevice = Math.min(onDevice, seconds(() -> run(beside, algorithm, init, magnitude, audio, iterations)));
            onHost = Math.min(onHost, seconds(() -> run(host, algorithm, init, magnitude, audio, iterations)));
        }
        print(
                "{\"what\": \"%s %d from %s\", \"batch\": %d, \"seconds\": %d, \"device\": %.4f, \"host\": %.4f, \"host/device\": %.2f}",
                algorithm.wireName(),
                iterations,
                init.wireName(),
                audio.items(),
                seconds,
                onDevice,
                onHost,
                onHost / onDevice);
    }

    /** Maps in one pass from and to the host's memory, in turns, the best of at least three. */
    private void transfers(int batch, int seconds, int frames) {
        for (Kind kind : Kind.values()) {
            AcceleratedMap map = Calibration.map(kind, batch, frames, host);
            double onHost = Double.POSITIVE_INFINITY;
            double onDevice = Double.POSITIVE_INFINITY;
            long end = System.nanoTime() + LEAST_NANOSECONDS;
            for (int turn = 0; turn < 3 || System.nanoTime() < end; turn++) {
                onDevice = Math.min(onDevice, seconds(() -> beside.accelerator().compute(map)));
                onHost = Math.min(onHost, seconds(map::onHost));
            }
            print(
                    "{\"what\": \"%s with transfers\", \"batch\": %d, \"seconds\": %d, \"device\": %.6f,"
                            + " \"host\": %.6f, \"host/device\": %.2f}",
                    kind.name().toLowerCase(Locale.ROOT), batch, seconds, onDevice, onHost, onHost / onDevice);
        }
    }

    /** The same kernels on what is there already, the inverse without its figures; least bytes: in and out once. */
    private void kernels(int batch, int seconds, int frames) {
        long plane = (long) frames * STFT.bins();
        int length = STFT.defaultLength(frames);
        try (Computation computation = new Computation(binding, new Programs(binding))) {
            Stage stage = new Stage(computation, new Stft(STFT), batch, frames, length);
            SpectrogramShape shape = new SpectrogramShape(Shape.of(batch), STFT.bins(), frames);
            Rows order = new Rows(new float[0], 0, shape, PlaneOrder.BINS_FIRST);
            DeviceArray signal = computation.zeros((long) batch * length);
            DeviceArray[] planes = new DeviceArray[5];
            Arrays.setAll(planes, i -> computation.zeros(plane * batch));
            double forward = each(computation, 8, () -> {
                stage.pass(Step.SPECTRUM, signal, false, 0);
                OnePass.apart(computation, stage, order, planes[0], planes[1]);
            });
            kernel("stft", batch, seconds, forward, 4.0 * batch * (length + 2 * plane));
            double inverse = each(computation, 8, () -> {
                OnePass.together(computation, stage, order, planes[0], planes[1]);
                stage.pass(Step.GIVEN, signal, false, 0);
                stage.overlap(signal);
            });
            kernel("istft", batch, seconds, inverse, 4.0 * batch * (length + 2 * plane));
            long program = computation.programs().phase();
            int count = Math.toIntExact(plane * batch);
            DeviceArray saturated = computation.zeros(1);
            double phase = each(computation, 8, () -> {
                computation.launch(
                        program, "angle", new long[] {count}, new long[] {256}, planes[0], planes[1], count, planes[3]);
                computation.launch(
                        program,
                        "angle_vjp",
                        new long[] {count},
                        new long[] {256},
                        planes[0],
                        planes[1],
                        planes[2],
                        count,
                        0.0,
                        1e-12,
                        0.0,
                        planes[3],
                        planes[4],
                        saturated);
            });
            kernel("phase and pullback", batch, seconds, phase, 4.0 * count * 8);
        }
    }

    private static void kernel(String what, int batch, int seconds, double device, double bytes) {
        print(
                "{\"what\": \"%s\", \"batch\": %d, \"seconds\": %d, \"device\": %.6f, \"least bytes\": %.0f,"
                        + " \"GB/s\": %.1f}",
                what, batch, seconds, device, bytes, bytes / device / 1e9);
    }

    /** Iterations of Griffin-Lim alone, without transfers, and what their bytes take by a copy's bandwidth. */
    private void iteration(int batch, int seconds, MagnitudeSpectrogram magnitude, int length) {
        int frames = magnitude.shape().frames();
        try (Computation computation = new Computation(binding, new Programs(binding))) {
            Stage stage = new Stage(computation, new Stft(STFT), batch, frames, length);
            stage.keep();
            stage.phase();
            for (int item = 0; item < batch; item++) {
                computation.upload(magnitude.values(item), 1, stage.magnitude(), item * stage.plane());
            }
            DeviceArray c = computation.zeros((long) batch * length);
            DeviceArray old = computation.zeros((long) batch * length);
            Runnable iteration = () -> {
                stage.pass(Step.PROJECT, c, false, 0);
                stage.accelerate(0, c, old);
            };
            double best = each(computation, 32, iteration);
            print(
                    "{\"what\": \"parts\", \"batch\": %d, \"seconds\": %d, \"pass\": %.6f, \"forward alone\": %.6f, \"inverse alone\": %.6f, \"overlap\": %.6f, \"griffinlim 32\": %.6f}",
                    batch,
                    seconds,
                    each(computation, 32, () -> stage.pass(Step.PROJECT, c, false, 0)),
                    each(computation, 32, () -> stage.pass(Step.DISTANCE, c, false, 0)),
                    each(computation, 32, () -> stage.pass(Step.KEPT, c, false, 0)),
                    each(computation, 32, () -> stage.accelerate(0, c, old)),
                    each(computation, 1, () -> {
                        stage.start(false, c);
                        computation.copy(c, old);
                        for (int i = 0; i < 32; i++) {
                            iteration.run();
                        }
                    }));
            // Read: the signal once, the rest through the cache, and the magnitudes; written: the frames.
            double least = 4.0 * batch * (length + (double) frames * (STFT.bins() + STFT.fftSize()));
            // Read: the frames and the old signal; written: both signals.
            double all = least + 4.0 * batch * ((double) frames * STFT.fftSize() + 3.0 * length);
            double bandwidth = bandwidth(computation);
            print(
                    "{\"what\": \"one iteration of griffinlim\", \"batch\": %d, \"seconds\": %d, \"device\": %.6f, \"bytes\": %.0f, \"least bytes\": %.0f, \"copy GB/s\": %.1f, \"time of bytes\": %.6f, \"device/time of bytes\": %.2f}",
                    batch, seconds, best, all, least, bandwidth / 1e9, all / bandwidth, best * bandwidth / all);
        }
    }

    /** Seconds of one run of what is run some times in a row, the best of five rows. */
    private static double each(Computation computation, int times, Runnable work) {
        double best = Double.POSITIVE_INFINITY;
        for (int turn = 0; turn < 5; turn++) {
            double row = seconds(() -> {
                for (int i = 0; i < times; i++) {
                    work.run();
                }
                computation.finish();
            });
            best = Math.min(best, row / times);
        }
        return best;
    }

    /** Bytes a second that a copy within the device reads and writes. */
    private static double bandwidth(Computation computation) {
        long count = 1L << 26;
        DeviceArray from = computation.zeros(count);
        DeviceArray to = computation.zeros(count);
        computation.finish();
        double best = Double.POSITIVE_INFINITY;
        for (int turn = 0; turn < 4; turn++) {
            best = Math.min(best, seconds(() -> {
                computation.copy(from, to);
                computation.finish();
            }));
        }
        computation.release(from);
        computation.release(to);
        return 2.0 * Float.BYTES * count / best;
    }

    private static double seconds(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    private static AudioSignal noise(int batch, int seconds) {
        SplittableRandom random = new SplittableRandom(1);
        float[][] samples = new float[batch][seconds * RATE];
        for (float[] item : samples) {
            for (int t = 0; t < item.length; t++) {
                item[t] = (float) (0.2 * random.nextDouble() - 0.1 + 0.3 * Math.sin(2e-5 * t * (t % 40000)));
            }
        }
        return new AudioSignal(Shape.of(batch), samples, RATE);
    }
}
