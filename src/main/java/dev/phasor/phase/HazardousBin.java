package dev.phasor.phase;

import java.util.List;

/**
 * A bin with a hazard.
 *
 * @param index {@code [item..., bin, frame]}
 */
public record HazardousBin(Hazard hazard, List<Integer> index, float re, float im) {}
