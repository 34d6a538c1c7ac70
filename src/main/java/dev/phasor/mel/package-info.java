/** Mel spectrograms: filters, the values that trainers make of them, and the way back to magnitudes. */
@NullMarked
package dev.phasor.mel;

import org.jspecify.annotations.NullMarked;
