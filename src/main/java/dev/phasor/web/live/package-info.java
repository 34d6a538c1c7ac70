/** The face {@code /v1/live}: operations that are fed over a WebSocket while they answer. */
@NullMarked
package dev.phasor.web.live;

import org.jspecify.annotations.NullMarked;
