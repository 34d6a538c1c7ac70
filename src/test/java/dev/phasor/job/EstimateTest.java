package dev.phasor.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EstimateTest {

    @Test
    void whatIsDoneNeverFalls() {
        Estimate estimate = new Estimate();
        estimate.begins(2, 10);
        estimate.at(0, 4.5);
        estimate.at(1, 2);
        estimate.at(0, 3);

        assertThat(estimate.iterations()).isEqualTo(2);
        assertThat(estimate.part()).isEqualTo(0.325);
        assertThat(estimate.secondsLeft()).isNotNull().isNotNegative();
    }

    @Test
    void aBatchIsTheSumOfItsFiles() {
        Estimate estimate = new Estimate();
        estimate.part(0, 0.5);
        estimate.begins(1, 4);
        estimate.at(0, 4);
        assertThat(estimate.part()).isEqualTo(0.5);
        estimate.part(0.5, 1);
        assertThat(estimate.toDo()).isZero();
        estimate.begins(1, 2);
        estimate.at(0, 1);
        assertThat(estimate.part()).isEqualTo(0.75);
        assertThat(estimate.iterations()).isEqualTo(1);
    }

    @Test
    void theWorstChannelIsTold() {
        Estimate estimate = new Estimate();
        estimate.begins(2, 10);
        assertThat(estimate.convergence()).isNull();
        estimate.reached(0, -20);
        estimate.reached(1, -10.001);
        assertThat(estimate.convergence()).isEqualTo(-10);
    }
}
