package dev.phasor.web.operation;

import dev.phasor.web.telemetry.ComputeMeters;
import dev.phasor.web.telemetry.ComputeMeters.Stage;

/** An operation with its time and its report's counts in the meters. */
record MeteredOperation(String name, Operation operation, ComputeMeters meters) implements Operation {

    @Override
    public Answer run(Call call) {
        long start = System.nanoTime();
        Answer answer = operation.run(call);
        meters.stage(name, Stage.COMPUTE, start, answer.report());
        meters.report(name, answer.report());
        return answer;
    }
}
