/** The OpenAPI 3.1 document of the API, served at {@code /v3/api-docs}. */
@NullMarked
package dev.phasor.web.openapi;

import org.jspecify.annotations.NullMarked;
