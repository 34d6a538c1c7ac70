package dev.phasor.codec;

import java.util.Map;

/**
 * The content of an NPZ file: arrays, and values without an axis, which describe them.
 *
 * @param arrays in the order of the directory, by their names without {@code .npy}
 * @param scalars likewise, as text: numbers exactly, booleans as {@code true} and {@code false}
 */
public record Npz(Map<String, NpyArray> arrays, Map<String, String> scalars) {}
