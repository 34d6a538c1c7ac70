/** {@code /v1}, for audio people: waveforms, spectrograms, phases and gradients as files, arrays or JSON. */
@NullMarked
package dev.phasor.web.audio;

import org.jspecify.annotations.NullMarked;
