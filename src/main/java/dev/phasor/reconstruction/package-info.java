/** Sound from magnitudes: the phase retrieval algorithms, one idea a file, and the measures of what they deliver. */
@NullMarked
package dev.phasor.reconstruction;

import org.jspecify.annotations.NullMarked;
