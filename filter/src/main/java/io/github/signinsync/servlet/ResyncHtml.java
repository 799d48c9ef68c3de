// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.config.SigninSyncConfig.Script;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The resync page as it goes over the wire: 401, stored by nobody, framed by nobody else, and with a content security policy
 * of its own, because the application's never comes to it. Every script has a URL and the nonce of this answer.
 */
final class ResyncHtml {

    private static final int NONCE_BYTES = 16;

    /** Only who waits for a second reads anything: whoever is back sooner sees a blank page for a moment. */
    private static final String STYLE =
            "body{font:1rem/1.5 system-ui,sans-serif;margin:15vh auto;max-width:32rem;padding:0 1rem}"
                    + "main{animation:s 0s 1s both}@keyframes s{from{visibility:hidden}}";

    private final String folder;
    private final List<Script> before;
    private final Map<String, String> ownAttributes;
    private final String origins;
    private final SecureRandom random = new SecureRandom();

    ResyncHtml(SigninSyncConfig config) {
        folder = config.sync().path();
        List<Script> scripts = config.resync().scripts();
        before = scripts.stream().filter(each -> !each.isOurs()).toList();
        ownAttributes = scripts.stream()
                .filter(Script::isOurs)
                .map(Script::attributes)
                .findFirst()
                .orElse(Map.of());
        origins = origins(config);
    }

    /** Writes the status and the headers that every answer of this kind has. */
    void writeHead(HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        response.setHeader("WWW-Authenticate", "SigninSync error=\"expired\"");
        response.addHeader("Vary", "Sec-Fetch-Dest, Sec-Fetch-Mode");
        response.setHeader("X-Robots-Tag", "noindex");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("X-Content-Type-Options", "nosniff");
    }

    /**
     * Writes the page.
     *
     * @param kind what our script is to do, its {@code data-resync}
     * @param login the sign-in page, or null if there is none
     */
    void write(HttpServletRequest request, HttpServletResponse response, String kind, @Nullable String login)
            throws IOException {
        String nonce = nonce();
        byte[] page = page(request, kind, login, nonce).getBytes(StandardCharsets.UTF_8);
        writeHead(response);
        response.setHeader("Content-Security-Policy", policy(nonce));
        response.setContentType("text/html;charset=utf-8");
        response.setContentLength(page.length);
        response.getOutputStream().write(page);
    }

    private String page(HttpServletRequest request, String kind, @Nullable String login, String nonce) {
        StringBuilder html = new StringBuilder("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\""
                + " content=\"light dark\"><title>Signing you in again</title>");
        html.append("<style nonce=\"").append(nonce).append("\">").append(STYLE).append("</style>");
        for (Script each : before) {
            tag(html, each.url(), nonce);
            attributes(html, each.attributes());
            html.append("></script>");
        }
        String ours = ContextPath.of(request) + folder;
        tag(html, ours + "/signin-sync.classic.js", nonce);
        html.append(" data-start=\"manual\"></script>");
        tag(html, ours + "/signin-sync.resync.js", nonce);
        attribute(html, "data-resync", kind);
        if (login != null) {
            attribute(html, "data-login", login);
        }
        // Of an attribute that comes twice, browsers take the first.
        attributes(html, ownAttributes);
        html.append("></script><main><p role=\"status\">Looking whether you are still signed in…</p>");
        if (login != null) {
            html.append("<p><a id=\"login\" hidden");
            attribute(html, "href", login);
            html.append(">Sign in</a></p><noscript><p>This page needs scripts to sign you in again. <a");
            attribute(html, "href", login);
            html.append(">Sign in</a></p></noscript>");
        }
        return html.append("</main></html>").toString();
    }

    private static void tag(StringBuilder html, String url, String nonce) {
        html.append("<script defer");
        attribute(html, "nonce", nonce);
        attribute(html, "src", url);
    }

    private static void attributes(StringBuilder html, Map<String, String> attributes) {
        attributes.forEach((name, value) -> attribute(html, name, value));
    }

    private static void attribute(StringBuilder html, String name, String value) {
        html.append(' ').append(name).append("=\"").append(escape(value)).append('"');
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private String policy(String nonce) {
        // The page has no form, but browsers hold its policy against loading a form's answer again.
        return "default-src 'none'; script-src 'nonce-" + nonce + "' 'strict-dynamic'; connect-src 'self'" + origins
                + "; frame-src 'self'" + origins + "; worker-src 'self' blob:; img-src 'self' data:; style-src 'nonce-"
                + nonce + "'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";
    }

    /** The provider's: where its tokens come from, and where its scripts do. */
    private static String origins(SigninSyncConfig config) {
        Set<String> origins = new LinkedHashSet<>();
        config.token().issuers().forEach(issuer -> addOrigin(origins, issuer));
        config.resync().scripts().forEach(each -> addOrigin(origins, each.url()));
        StringBuilder text = new StringBuilder();
        origins.forEach(origin -> text.append(' ').append(origin));
        return text.toString();
    }

    private static void addOrigin(Set<String> origins, String url) {
        try {
            URI uri = URI.create(url);
            // Hosts as Java reads them have no blank and no semicolon; an issuer need not be a URL at all.
            if (uri.getHost() != null
                    && uri.getScheme() != null
                    && uri.getScheme().matches("(?i)https?")) {
                origins.add(uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()));
            }
        } catch (IllegalArgumentException notAUrl) {
            // Then it is nowhere that a page could connect to.
        }
    }

    private String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }
}
