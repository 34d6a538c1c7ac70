/** The API {@code /v1}: waveforms, spectrograms, phases and gradients as files, arrays or JSON. */
@NullMarked
package dev.phasor.web.audio;

import org.jspecify.annotations.NullMarked;
