/** Reconstructions on devices by OpenCL: kernels as text in resources, and what starts them. Only the root names it. */
@org.jspecify.annotations.NullMarked
package dev.phasor.device;
