package dev.phasor.web.page;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Whether there is a page.
 *
 * @param enabled whether {@code /} and {@code /docs} are served; otherwise they are 404, or 401 where there are keys
 */
@ConfigurationProperties("phasor.page")
public record PageSettings(@DefaultValue("true") boolean enabled) {

    /**
     * What a browser may do on the page: load its own files, call this service, and show and play what the page itself
     * has made. Nothing comes from elsewhere, and no code or style stands in the documents. Swagger UI's style sheet
     * has pictures as {@code data:}.
     */
    public static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' blob: data:; media-src blob:; connect-src 'self'; base-uri 'none'; form-action 'none';"
            + " frame-ancestors 'none'";

    /** The patterns of the page's files. They are the same for everyone, and need no key. */
    public static String[] paths() {
        return new String[] {"/", "/docs", "/docs/", "/page/**"};
    }
}
