// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Serves the script, which the build makes from {@code src/main/script}; only the name of the mark cookie is put in. Browsers ask each time whether it
 * changed, so that a new version of the filter never talks to an old script.
 */
final class ScriptEndpoint implements Endpoints.Endpoint {

    private static final String DEFAULT_MARK = "\"__Host-signin-mark\"";

    private final byte[] script;
    private final String etag;

    private ScriptEndpoint(String text) {
        script = text.getBytes(StandardCharsets.UTF_8);
        etag = "\"" + digest(script) + "\"";
    }

    /** For {@code <script type="module">} and {@code import}. */
    static ScriptEndpoint module(String markName) {
        return new ScriptEndpoint(bundle(markName) + "\n" + resource("signin-sync.module.js"));
    }

    /** For a plain {@code <script>}. */
    static ScriptEndpoint classic(String markName) {
        return new ScriptEndpoint(bundle(markName));
    }

    /** For the resync page, beside the classic one. */
    static ScriptEndpoint resync() {
        return new ScriptEndpoint(resource("signin-sync.resync.js"));
    }

    private static String bundle(String markName) {
        String text = resource("signin-sync.js");
        if (text.indexOf(DEFAULT_MARK) < 0 || text.indexOf(DEFAULT_MARK) != text.lastIndexOf(DEFAULT_MARK)) {
            throw new IllegalStateException("signin-sync.js must name " + DEFAULT_MARK + " exactly once");
        }
        return text.replace(DEFAULT_MARK, "\"" + markName + "\"");
    }

    @Override
    public void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        boolean head = request.getMethod().equals("HEAD");
        if (!head && !request.getMethod().equals("GET")) {
            response.setHeader("Allow", "GET, HEAD");
            Problem.METHOD.write(response);
            return;
        }
        response.setHeader("ETag", etag);
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("X-Content-Type-Options", "nosniff");
        String known = request.getHeader("If-None-Match");
        if (known != null && known.contains(etag)) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType("text/javascript;charset=utf-8");
        response.setContentLength(script.length);
        if (!head) {
            response.getOutputStream().write(script);
        }
    }

    private static String resource(String name) {
        try (InputStream in = ScriptEndpoint.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the jar of Signin Sync");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String digest(byte[] content) {
        try {
            byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(content);
            return HexFormat.of().formatHex(sha256, 0, 16);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }
}
