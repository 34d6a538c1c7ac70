/** What a connection may take and how long, and what is known of the client at its other end. */
@NullMarked
package dev.phasor.web.connection;

import org.jspecify.annotations.NullMarked;
