/** The operations as models with named tensors, for the faces that speak the Open Inference Protocol. */
@NullMarked
package dev.phasor.web.model;

import org.jspecify.annotations.NullMarked;
