package dev.phasor.device;

import dev.phasor.reconstruction.AcceleratedProblem;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.Relaxation;

/**
 * The iterations of an algorithm on a stage whose first phases are there. Each method is that of the host's class of
 * its name, with all values on the device.
 */
final class Refinement {

    private final Stage stage;
    private final Rounds rounds;

    Refinement(Stage stage, Rounds rounds) {
        this.stage = stage;
        this.rounds = rounds;
    }

    /** The samples, scaled as the magnitudes. */
    DeviceArray run(Algorithm algorithm, double momentum) {
        return switch (algorithm) {
            case GRIFFINLIM -> griffinLim(0);
            case FAST_GRIFFINLIM -> griffinLim((float) momentum);
            case AGLA -> acceleratedGriffinLim((float) momentum);
            case ADMM -> admm(rounds.limit(), Relaxation.Schedule.ALONE);
            case RAAR -> raar();
            case DIFFERENCE_MAP -> differenceMap();
            case HYBRID, COARSE_TO_FINE -> hybrid();
            default -> throw new IllegalArgumentException(algorithm + " runs on the host alone");
        };
    }

    private boolean goesOn() {
        return rounds.goesOn(rounds.limit());
    }

    private DeviceArray started(boolean kept) {
        DeviceArray signal = stage.newSignal();
        stage.start(kept, signal);
        stage.started();
        return signal;
    }

    private DeviceArray griffinLim(float momentum) {
        DeviceArray c = started(false);
        DeviceArray old = stage.newSignal();
        stage.computation().copy(c, old);
        while (goesOn()) {
            stage.pass(Step.PROJECT, c, false, 0);
            stage.accelerate(momentum, c, old);
            rounds.iterated();
        }
        stage.computation().release(c);
        return old;
    }

    private DeviceArray acceleratedGriffinLim(float momentum) {
        DeviceArray c = started(false);
        DeviceArray old = stage.newSignal();
        DeviceArray projected = stage.newSignal();
        stage.computation().copy(c, old);
        while (goesOn()) {
            stage.pass(Step.PROJECT, c, false, 0);
            stage.accelerate(momentum, Relaxation.AGLA, projected, c, old);
            rounds.iterated();
        }
        stage.computation().release(c);
        stage.computation().release(old);
        return projected;
    }

    private DeviceArray admm(int until, Relaxation.Schedule relaxation) {
        DeviceArray signal = started(true);
        int first = rounds.iterations();
        boolean delivered = until == first;
        while (rounds.goesOn(until)) {
            delivered = rounds.iterations() + 1 == until;
            float r = relaxation.at(rounds.iterations() - first, until - first);
            stage.iterate(Step.ADMM, signal, delivered, r, signal);
            rounds.iterated();
        }
        if (!delivered) {
            float r = relaxation.at(rounds.iterations() - first, until - first);
            stage.iterate(Step.ADMM, signal, true, r, signal);
        }
        return signal;
    }

    private DeviceArray raar() {
        DeviceArray signal = started(true);
        while (goesOn()) {
            stage.iterate(Step.RAAR, signal, false, Relaxation.RAAR, signal);
            rounds.iterated();
        }
        stage.iterate(Step.KEPT, signal, false, 0, signal);
        return signal;
    }

    private DeviceArray differenceMap() {
        DeviceArray signal = started(true);
        float b = Relaxation.DIFFERENCE_MAP;
        while (goesOn()) {
            stage.iterate(Step.DIFFERENCE_MAP_MAGNITUDE, signal, false, b, signal);
            rounds.iterated();
            stage.iterate(Step.DIFFERENCE_MAP_SUBTRACT, signal, false, b, signal);
        }
        stage.iterate(Step.DIFFERENCE_MAP_MAGNITUDE, signal, true, b, signal);
        return signal;
    }

    private DeviceArray hybrid() {
        DeviceArray signal;
        int spent = rounds.iterations();
        int until = AcceleratedProblem.admm(rounds.limit(), spent);
        if (spent == 0 || until > spent) {
            signal = admm(until, Relaxation.Schedule.DESCENDED);
            rounds.newStage();
        } else {
            signal = started(false);
        }
        return new Descent(stage, rounds).descend(signal);
    }
}
