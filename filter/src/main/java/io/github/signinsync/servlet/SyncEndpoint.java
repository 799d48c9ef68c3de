// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import io.github.signinsync.session.RequestAuthenticator;
import io.github.signinsync.session.SyncOutcome;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the script talks to: POST with a token signs the browser in, DELETE signs it out, or with {@code Signin-Sync-Reason:
 * unverified} only takes its token. Every answer says {@code
 * Signin-Sync: 1}, so that the script can tell it from a proxy's page, and a refusal changes nothing.
 */
final class SyncEndpoint implements Endpoints.Endpoint {

    private static final String RETRY_AFTER_SECONDS = "5";
    private static final String HEADER = "Signin-Sync";
    private static final List<String> GUARDS = List.of(HEADER, "Origin", "Sec-Fetch-Site", "Content-Type");

    private final OriginRule origins;
    private final RequestAuthenticator authenticator;
    private final Clock clock;

    SyncEndpoint(Set<String> origins, RequestAuthenticator authenticator, Clock clock) {
        this.origins = new OriginRule(origins);
        this.authenticator = authenticator;
        this.clock = clock;
    }

    @Override
    public void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        NoStore.on(response);
        response.addHeader("Vary", "Origin, Sec-Fetch-Site");
        response.setHeader(HEADER, "1");
        Problem problem = refusal(request);
        if (problem != null) {
            refuse(response, problem);
        } else if (request.getMethod().equals("POST")) {
            signIn(request, response);
        } else {
            signOut(request, response);
            write(response, "{\"state\":\"out\",\"now\":" + now() + "}");
        }
    }

    /** The script also gives up a cookie that nobody can vouch for; that is no reason to end anybody's work. */
    private void signOut(HttpServletRequest request, HttpServletResponse response) {
        if ("unverified".equals(request.getHeader(HEADER + "-Reason"))) {
            authenticator.suspend(request, response);
        } else {
            authenticator.signOut(request, response, null);
        }
    }

    private @Nullable Problem refusal(HttpServletRequest request) {
        boolean post = request.getMethod().equals("POST");
        if (!post && !request.getMethod().equals("DELETE")) {
            return Problem.METHOD;
        }
        if (GUARDS.stream().anyMatch(name -> isRepeated(request, name))) {
            return Problem.MALFORMED;
        }
        if (!"1".equals(request.getHeader(HEADER))) {
            return Problem.HEADER;
        }
        if (!origins.allows(request)) {
            return Problem.ORIGIN;
        }
        return post && !isJwt(request.getContentType()) ? Problem.MEDIA_TYPE : null;
    }

    /** Which of two values counts is for each reader to choose, and the next proxy may choose otherwise. */
    private static boolean isRepeated(HttpServletRequest request, String name) {
        Enumeration<String> values = request.getHeaders(name);
        if (values == null || !values.hasMoreElements()) {
            return false;
        }
        values.nextElement();
        return values.hasMoreElements();
    }

    private void signIn(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = readBody(request);
        if (body == null) {
            response.setHeader("Connection", "close");
            refuse(response, Problem.MALFORMED);
            return;
        }
        if (body.length > RequestAuthenticator.MAX_TOKEN_BYTES) {
            refuse(response, Problem.TOO_LONG);
            return;
        }
        if (body.length == 0) {
            refuse(response, Problem.MALFORMED);
            return;
        }
        SyncOutcome outcome = authenticator.signIn(request, response, new String(body, StandardCharsets.ISO_8859_1));
        if (outcome instanceof SyncOutcome.Held held) {
            write(
                    response,
                    "{\"state\":\"in\",\"changed\":" + held.changed() + ",\"expires\":"
                            + held.expiresAt().getEpochSecond() + ",\"now\":" + now() + "}");
        } else if (outcome instanceof SyncOutcome.Refused refused) {
            refuse(response, problem(refused.reason()));
        } else if (outcome instanceof SyncOutcome.Busy busy) {
            response.setHeader("Retry-After", Long.toString(busy.seconds()));
            refuse(response, Problem.BUSY);
        } else {
            throw new AssertionError(outcome.getClass());
        }
    }

    /** Returns no more than is needed to see that a body is too long, or null if it cannot be read to that point. */
    private static byte @Nullable [] readBody(HttpServletRequest request) {
        try {
            return request.getInputStream().readNBytes(RequestAuthenticator.MAX_TOKEN_BYTES + 1);
        } catch (IOException | RuntimeException brokenOff) {
            // Containers throw either for a chunk that is none; past this, their error page would show the trace.
            return null;
        }
    }

    private static Problem problem(SyncOutcome.Reason reason) {
        return switch (reason) {
            case EXPIRED -> Problem.EXPIRED;
            case NOT_YET_VALID -> Problem.NOT_YET_VALID;
            case REVOKED -> Problem.REVOKED;
            case INVALID -> Problem.INVALID;
            case UNAVAILABLE -> Problem.KEYS_UNAVAILABLE;
        };
    }

    private static void refuse(HttpServletResponse response, Problem problem) throws IOException {
        switch (problem) {
            case METHOD -> response.setHeader("Allow", "POST, DELETE");
            case EXPIRED, NOT_YET_VALID, REVOKED, INVALID -> response.setHeader("WWW-Authenticate", "SigninSync");
            case KEYS_UNAVAILABLE -> response.setHeader("Retry-After", RETRY_AFTER_SECONDS);
            default -> {}
        }
        problem.write(response);
    }

    private static boolean isJwt(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.strip().toLowerCase(Locale.ROOT).equals("application/jwt");
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private static void write(HttpServletResponse response, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
