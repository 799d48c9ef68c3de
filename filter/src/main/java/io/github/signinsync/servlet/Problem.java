// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * An answer that is not the application's, in fixed words: nothing of a token, a claim or an exception can get into it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
enum Problem {
    MALFORMED(
            400,
            "malformed",
            "Bad Request",
            "The body must be the token and nothing else, and no header may come twice."),
    SIGN_IN_NEEDED(401, "sign-in-needed", "Unauthorized", "Sign in to see this page."),
    EXPIRED(401, "expired", "Unauthorized", "The token has expired. Send a fresh one."),
    NOT_YET_VALID(
            401,
            "not-yet-valid",
            "Unauthorized",
            "The token is not valid yet. Compare the clocks of the provider and this server, or raise the leeway."),
    REVOKED(401, "revoked", "Unauthorized", "This login has ended. Sign in again."),
    INVALID(401, "invalid", "Unauthorized", "The token is not acceptable here. The server's log says why at DEBUG."),
    HEADER(403, "header", "Forbidden", "The header Signin-Sync: 1 is missing."),
    ORIGIN(
            403,
            "origin",
            "Forbidden",
            "The request comes from another origin. Behind a proxy that changes the host name, set syncOrigins."),
    METHOD(405, "method", "Method Not Allowed", "This cannot be done here. The header Allow says what can."),
    TOO_LONG(413, "too-long", "Content Too Large", "The token is longer than a cookie may be: 3,800 bytes."),
    MEDIA_TYPE(415, "media-type", "Unsupported Media Type", "Send the token as application/jwt."),
    BUSY(
            429,
            "busy",
            "Too Many Requests",
            "Too many tokens came in a short time. Nothing is lost: try again in a moment."),
    KEYS_UNAVAILABLE(
            503,
            "keys-unavailable",
            "Service Unavailable",
            "Who you are cannot be checked right now. Nothing is lost: try again in a moment.");

    private final int status;
    private final String code;
    private final String title;
    private final String detail;

    Problem(int status, String code, String title, String detail) {
        this.status = status;
        this.code = code;
        this.title = title;
        this.detail = detail;
    }

    /** Writes it for a program. */
    void write(HttpServletResponse response) throws IOException {
        send(
                response,
                "application/problem+json",
                "{\"type\":\"about:blank\",\"title\":\"" + title + "\",\"status\":" + status + ",\"detail\":\"" + detail
                        + "\",\"code\":\"" + code + "\"}");
    }

    /** Writes it for a person. */
    void writePage(HttpServletResponse response) throws IOException {
        send(
                response,
                "text/html;charset=utf-8",
                "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
                        + "<meta name=\"viewport\" content=\"width=device-width\"><title>" + title + "</title><h1>"
                        + title + "</h1><p>" + detail + "</p></html>");
    }

    private void send(HttpServletResponse response, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType(type);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
