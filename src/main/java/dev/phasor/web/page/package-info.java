/** The web page of the service and the page of its API: static files, which call {@code /v1} as any client does. */
@NullMarked
package dev.phasor.web.page;

import org.jspecify.annotations.NullMarked;
