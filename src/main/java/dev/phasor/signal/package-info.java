/** The values that flow through the house: audio, spectrograms and their shapes. Knows the JDK only. */
@NullMarked
package dev.phasor.signal;

import org.jspecify.annotations.NullMarked;
