/** The API's own description, OpenAPI 3.1, at {@code /v3/api-docs}. */
@NullMarked
package dev.phasor.web.openapi;

import org.jspecify.annotations.NullMarked;
