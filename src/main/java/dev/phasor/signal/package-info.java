/** The values that all packages exchange: audio, spectrograms and their shapes. It depends on the JDK only. */
@NullMarked
package dev.phasor.signal;

import org.jspecify.annotations.NullMarked;
