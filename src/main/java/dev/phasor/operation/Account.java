package dev.phasor.operation;

import dev.phasor.compute.HeapRegions;
import dev.phasor.gradient.LossCost;
import dev.phasor.reconstruction.ReconstructionCost;
import dev.phasor.reconstruction.SeparationCost;
import dev.phasor.reconstruction.SpectrogramInverse;
import dev.phasor.reconstruction.StreamedInverse;
import dev.phasor.reconstruction.StretchCost;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.stft.TransformCost;

/**
 * What a call takes, told before it is computed. The file is long because the accounts of all operations are read side
 * by side.
 *
 * @param bytes that it holds at once, its decoded inputs not counted: an upper bound, at most three times what it is
 * @param work values that are passed over, some 10 ns each: the order of magnitude
 */
record Account(long bytes, double work) {

    /** Of a call that is refused before anything is made. */
    static final Account NOTHING = new Account(0, 0);

    /** A Java array holds no more values. */
    private static final long MOST_VALUES = Integer.MAX_VALUE - 8;

    /** Objects, and the handing over to threads. */
    private static final long LEAST_BYTES = 1 << 16;

    /** An item's figures in the report. */
    private static final long FIGURES_BYTES = 256;

    /** Work of an item however small it is. */
    private static final double ITEM_WORK = 500;

    /** A diagnosis runs six recipes in double on every bin. */
    private static final int DIAGNOSE_PASSES = 40;

    /** Bytes of a hazardous bin in a diagnosis' list, and of its JSON. */
    private static final long HAZARD_BYTES = 5 * 600;

    /** A transform alone. */
    static Account of(TransformCost transform) {
        return new Account(transform.tables() + transform.workers(), transform.making());
    }

    /** What a call is about, and the transforms that it needs. */
    static Account of(Geometry of) {
        Account account = switch (of.endpoint()) {
            case STFT -> stft(of);
            case MEL -> mel(of);
            case MEL_VJP -> melVjp(of);
            case ISTFT -> istft(of);
            case PHASE -> phase(of);
            case PHASE_VJP -> phaseVjp(of);
            case PHASE_DIAGNOSE -> diagnose(of);
            case EVALUATE -> evaluate(of);
            case RECONSTRUCT ->
                of.isMel()
                        ? retrieveMel(of)
                        : of.isResynthesis() ? resynthesize(of) : of.retrieves() ? retrieve(of) : reconstruct(of);
            case RECONSTRUCT_VJP -> of.isIterated() ? iterated(of) : reconstructVjp(of);
            case STRETCH -> stretch(of);
            case SEPARATE -> separate(of, false);
            case SEPARATE_VJP -> separate(of, true);
        };
        // Most of it are planes, and signals of a plane's order.
        long bytes = (long) (account.bytes * HeapRegions.times(of.plane()));
        return new Account(bytes + LEAST_BYTES + of.items() * FIGURES_BYTES, account.work + of.items() * ITEM_WORK);
    }

    /** The spectrogram in the order of the request's arrays: the one that came, or that of the audio that came. */
    private static Account elements(Geometry of) {
        if (!of.isAudio()) {
            return new Account(0, of.values());
        }
        Account account = spectrogram(of);
        return new Account(account.bytes + of.transform().rows(), account.work);
    }

    /** Planes that an answer of several items is joined of. */
    private static long joined(Geometry of, int planes) {
        return of.items() > 1 ? planes * of.planes() : 0;
    }

    /** The complex spectrogram that came, or that of the audio that came. */
    private static Account spectrogram(Geometry of) {
        if (!of.isAudio()) {
            return new Account(2 * of.planes(), 2 * of.values());
        }
        TransformCost transform = of.transform();
        long bytes = of.copiedAudio() + transform.tables() + transform.workers() + 2 * of.planes();
        return new Account(bytes, transform.making() + transform.frames(of.allFrames()) + of.samples());
    }

    private static Account stft(Geometry of) {
        Account complex = elements(of);
        return of.isComplex()
                ? complex
                : new Account(complex.bytes + joined(of, 3) + of.planes(), complex.work + 4 * of.values());
    }

    private static Account mel(Geometry of) {
        require(of.allFrames() * of.mels(), "the mel, frames times n_mels,");
        TransformCost transform = of.transform();
        return new Account(
                of.copiedAudio()
                        + transform.tables()
                        + transform.frameTransform() * transform.threads()
                        + 2 * of.melPlanes()
                        + of.filters(),
                transform.making()
                        + transform.singleFrames(of.allFrames())
                        + 6 * of.values()
                        + of.melWork(of.allFrames())
                        + of.samples());
    }

    /** One item after the other. */
    private static Account melVjp(Geometry of) {
        require(of.allFrames() * of.mels(), "the mel, frames times n_mels,");
        TransformCost transform = of.transform();
        LossCost adjoint = LossCost.ofMel(transform, of.mels(), (int) of.items(), of.samplesOfItem());
        long gradient = (of.items() > 1 ? 2 : 1) * Float.BYTES * of.samples();
        return new Account(
                of.copiedAudio() + transform.tables() + of.melPlanes() + gradient + adjoint.bytes() + of.filters(),
                transform.making() + adjoint.work() + Geometry.MEL_PASSES * of.melWork(of.allFrames()) + of.samples());
    }

    /** The two steps and the descent behind them: {@code MelReconstructor}. */
    private static Account retrieveMel(Geometry of) {
        require(of.items() * of.length(), "the audio, items times samples,");
        long audio = Float.BYTES * of.items() * of.length();
        ReconstructionCost reconstruction = of.reconstruction();
        // The magnitudes found, the same as tiles, the mels as tiles and scaled, and the weights of samples.
        long item = of.plane() + of.transform().tiles(of.frames()) + 2 * of.melPlane() + Float.BYTES * of.length();
        return new Account(
                of.melPlanes() + atOnce(of) * item + reconstruction.bytes() + 2 * audio + of.filters(),
                reconstruction.work() * 1.3 + of.filterWork() + of.melWork(of.allFrames()));
    }

    private static Account istft(Geometry of) {
        require(of.items() * of.length(), "the audio, items times samples,");
        TransformCost transform = of.transform();
        return new Account(
                inverse(of) + atOnce(of) * SpectrogramInverse.bytesAlone(transform, of.length(), of.frames()),
                2 * of.values() + transform.making() + 2 * transform.frames(of.allFrames()) + of.items() * of.length());
    }

    /** What every inverse of frames holds: the audio, the array that it is answered as, and the transform. */
    private static long inverse(Geometry of) {
        TransformCost transform = of.transform();
        long audio = Float.BYTES * of.items() * of.length();
        return (of.items() > 1 ? 2 : 1) * audio + transform.tables() + transform.workers() + transform.overlap();
    }

    /** Items that are worked on side by side. */
    private static long atOnce(Geometry of) {
        return Math.min(of.items(), of.transform().threads());
    }

    private static Account phase(Geometry of) {
        Account input = elements(of);
        return new Account(input.bytes + of.planes(), input.work + 4 * of.values());
    }

    /** The cotangent's planes are its own where its order is another than the spectrogram's. */
    private static Account phaseVjp(Geometry of) {
        return new Account(3 * of.planes(), 6 * of.values());
    }

    private static Account diagnose(Geometry of) {
        Account input = spectrogram(of);
        return new Account(input.bytes + HAZARD_BYTES * of.limit(), input.work + DIAGNOSE_PASSES * of.values());
    }

    private static Account evaluate(Geometry of) {
        if (of.melsCompared() > 0) {
            return evaluateMel(of);
        }
        long bytes = 2 * of.copiedAudio() + of.magnitudes() + of.planes() + of.plane();
        Account figures = figures(of);
        return new Account(bytes + figures.bytes, figures.work + of.transform().frames(of.allFrames()));
    }

    /** A tile of the audio's frames after the other. */
    private static Account evaluateMel(Geometry of) {
        TransformCost transform = of.transform();
        return new Account(
                of.copiedAudio() + of.melsCompared() + transform.tables() + transform.workers() + transform.loop(),
                transform.making()
                        + transform.frames(of.allFrames())
                        + 10 * of.values()
                        + 2 * of.melWork(of.allFrames()));
    }

    /** Audio compared with magnitudes, item by item. */
    private static Account figures(Geometry of) {
        TransformCost transform = of.transform();
        long signals = 3L * Float.BYTES * of.length();
        long bytes = transform.tables() + 2 * transform.workers() + transform.overlap() + 2 * transform.loop();
        return new Account(
                bytes + transform.tiles(of.frames()) + signals,
                transform.making() + 5 * transform.frames(of.allFrames()) + 10 * of.values());
    }

    private static Account reconstruct(Geometry of) {
        require(of.items() * of.length(), "the audio, items times samples,");
        Account input = elements(of);
        TransformCost transform = of.transform();
        long recombined = of.magnitudes() == 0 ? 0 : of.copiedElements() + of.magnitudes() + 2 * of.planes();
        return new Account(
                input.bytes + recombined + inverse(of) + atOnce(of) * SpectrogramInverse.bytes(transform, of.length()),
                input.work
                        + transform.making()
                        + of.allFrames() * StreamedInverse.frameWork(transform)
                        + of.items() * of.length());
    }

    private static Account resynthesize(Geometry of) {
        require(of.items() * of.length(), "the audio, items times samples,");
        TransformCost transform = of.transform();
        int longest = Math.max(of.length(), of.samplesOfItem());
        return new Account(
                of.copiedAudio() + inverse(of) + atOnce(of) * StreamedInverse.bytesOfWhole(transform, longest),
                transform.making() + of.allFrames() * StreamedInverse.frameWork(transform) + of.items() * of.length());
    }

    private static Account retrieve(Geometry of) {
        require(of.items() * of.length(), "the audio, items times samples,");
        Account input = of.hasPhase() ? spectrogram(of) : NOTHING;
        long magnitudes = of.magnitudes() == 0 ? of.planes() : of.magnitudes();
        long copy = of.items() > 1 ? Float.BYTES * of.items() * of.length() : 0;
        ReconstructionCost reconstruction = of.reconstruction();
        return new Account(
                input.bytes + magnitudes + of.givenPhase() + reconstruction.bytes() + copy,
                input.work + reconstruction.work());
    }

    /** The most of its stages, there and back, beside what all of them hold. */
    private static Account reconstructVjp(Geometry of) {
        require(of.items() * of.length(), "the audio, items times samples,");
        TransformCost transform = of.transform();
        LossCost loss = of.loss();
        long atOnce = atOnce(of);
        long spectrogram = 2 * of.planes();
        long audio = Float.BYTES * of.items() * of.length();
        long recombined = of.magnitudes() == 0 ? 0 : spectrogram;
        // The target or cotangent as an item's own arrays, and the audio that is answered.
        long signals = (of.items() > 1 ? 2 : 1) * audio;
        long held = of.copiedAudio() + spectrogram + of.magnitudes() + signals;

        long forward = recombined + transform.sums(of.items(), of.length());
        long measuring = loss.bytes() + audio;
        // Scaled where it is near float32's end, through the recombination, and as it is answered.
        long quotients = audio + atOnce * Float.BYTES * of.length();
        long upstream = Math.max(2 * spectrogram, spectrogram + 2 * recombined);
        long padded = atOnce
                * Double.BYTES
                * (of.samplesOfItem() + 2L * transform.parameters().fftSize());
        long back = of.isAudio() ? 2 * Float.BYTES * of.samples() + padded : spectrogram;

        return new Account(
                transform.tables()
                        + transform.workers()
                        + transform.overlap()
                        + held
                        + of.lossFilters()
                        + Math.max(forward, Math.max(measuring, quotients + upstream + back)),
                transform.making() + 4 * transform.frames(of.allFrames()) + 22 * of.values() + loss.work());
    }

    private static Account iterated(Geometry of) {
        SeparationCost cost = of.iterations();
        LossCost loss = of.loss();
        require(cost.samples(), "the audio, items times samples,");
        long start = of.plane() + ReconstructionCost.startBytes(of.transform().parameters(), of.frames());
        long tiles = of.transform().tiles(of.frames()) + of.transform().loop();
        Account mels = of.isMel() ? iteratedMel(of) : NOTHING;
        return new Account(
                cost.bytes(true) + start + tiles + loss.bytes() + of.lossFilters() + mels.bytes,
                cost.work(true) + loss.work() + mels.work);
    }

    /** The mels, and their gradient as it is found and answered. */
    private static Account iteratedMel(Geometry of) {
        return new Account(
                3 * of.melPlanes() + 2 * of.melPlane() + of.filters() + of.sweeps(),
                3 * of.inverseWork() + of.melWork(of.allFrames()));
    }

    private static Account stretch(Geometry of) {
        StretchCost cost = of.stretch();
        require(cost.values(), "the spectrogram at the other speed");
        require(cost.samples(), "the audio, items times samples,");
        return new Account(of.copiedAudio() + cost.bytes(), cost.work());
    }

    private static Account separate(Geometry of, boolean back) {
        SeparationCost cost = of.separation();
        require(cost.values(), "the sources' estimates");
        require(cost.samples(), "the audio, sources times items times samples,");
        return new Account(of.copiedAudio() + cost.bytes(back), cost.work(back));
    }

    static void require(double values, String what) {
        if (values > MOST_VALUES) {
            throw new InvalidInputException(
                    Code.TOO_LARGE,
                    what + " must be at most " + MOST_VALUES + " values, got " + (long) values
                            + "; send less at once, or ask for fewer samples");
        }
    }
}
