/**
 * The face for tensor people: the Open Inference Protocol over HTTP with its binary tensor data extension, at
 * {@code /v2}.
 */
@NullMarked
package dev.phasor.web.inference;

import org.jspecify.annotations.NullMarked;
