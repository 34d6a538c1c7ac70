/** The face {@code inference.GRPCInferenceService}: the Open Inference Protocol over gRPC, with Triton's streams. */
@NullMarked
package dev.phasor.web.grpc;

import org.jspecify.annotations.NullMarked;
