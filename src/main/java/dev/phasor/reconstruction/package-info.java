/** Audio from magnitudes: the phase retrieval algorithms, one idea per file, and measures of their results. */
@NullMarked
package dev.phasor.reconstruction;

import org.jspecify.annotations.NullMarked;
