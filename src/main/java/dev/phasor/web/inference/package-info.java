/** The API {@code /v2}: the Open Inference Protocol over HTTP with its binary tensor data extension. */
@NullMarked
package dev.phasor.web.inference;

import org.jspecify.annotations.NullMarked;
