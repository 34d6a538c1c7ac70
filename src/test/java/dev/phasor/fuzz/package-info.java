/**
 * Targets of {@code benchmarks/fuzz}: whatever the bytes, a reader gives a value back or says what is wrong with them.
 */
package dev.phasor.fuzz;
