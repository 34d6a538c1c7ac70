/** Limits of connections in number, time and pace, and the state of the client at the other end. */
@NullMarked
package dev.phasor.web.connection;

import org.jspecify.annotations.NullMarked;
