/** Responses to refused requests: one code and one status for each rule (RFC 9457). */
@NullMarked
package dev.phasor.web.refusal;

import org.jspecify.annotations.NullMarked;
