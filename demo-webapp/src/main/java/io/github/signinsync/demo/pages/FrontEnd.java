// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.pages;

import jakarta.servlet.ServletContext;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The identity provider's script that our pages load, if one was named: the stand-in provider's, or by {@code
 * DEMO_FRONT_END} any other that puts {@code window.Clerk} on the page.
 *
 * @param script the script's URL
 * @param publishableKey what Clerk's own script wants beside it
 * @param standIn the stand-in provider's URL, if that is where the script comes from
 */
public record FrontEnd(
        @Nullable String script,
        @Nullable String publishableKey,
        @Nullable String standIn) {

    static FrontEnd of(ServletContext application) {
        String script = System.getenv("DEMO_FRONT_END");
        if (script != null) {
            return new FrontEnd(script, System.getenv("DEMO_PUBLISHABLE_KEY"), null);
        }
        String provider = System.getProperty("demo.providerUrl");
        if (provider == null) {
            provider = application.getInitParameter("demo.providerUrl");
        }
        return new FrontEnd(provider == null ? null : provider + "/clerk.js", null, provider);
    }

    /** Allows our own files and the provider's script and answers; no inline script, no inline style. */
    String contentSecurityPolicy() {
        String provider = script == null ? "" : " " + origin(script);
        // Clerk's own script runs its timers in a blob worker and styles its widgets itself.
        String clerk = publishableKey == null ? "" : "; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'";
        String style = publishableKey == null ? "; style-src 'self'" : "";
        return "default-src 'none'; script-src 'self'" + provider + "; connect-src 'self'" + provider
                + "; img-src 'self' data:; form-action 'self'" + provider
                + "; base-uri 'none'; frame-ancestors 'none'" + style + clerk;
    }

    private static String origin(String url) {
        URI uri = URI.create(url);
        return uri.getScheme() + "://" + uri.getAuthority();
    }
}
