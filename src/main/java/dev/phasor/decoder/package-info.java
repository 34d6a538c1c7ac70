/**
 * Decodes and resamples sound by ffmpeg, as a process of its own that can do nothing else and is bounded in everything.
 */
@NullMarked
package dev.phasor.decoder;

import org.jspecify.annotations.NullMarked;
