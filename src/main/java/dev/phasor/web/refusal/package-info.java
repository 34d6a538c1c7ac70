/** What a client is told when its request is refused: one code and one status for each rule (RFC 9457). */
@NullMarked
package dev.phasor.web.refusal;

import org.jspecify.annotations.NullMarked;
