// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.launcher;

import io.github.signinsync.demo.text.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/**
 * Stands before the application, filter and all, as a proxy would, and fails when the page <i>Try to break it</i> asks for
 * that: {@code /sync} has posts of tokens answered with 503 for a while, {@code /expire} ends the token cookie early. Safe
 * to share between threads.
 */
final class FaultyDoor extends Handler.Wrapper {

    /** Where the switches are; the application has nothing of that name. */
    static final String PATH = "/demo-faults";

    private static final String SYNC = "/signin-sync/session";
    private static final String MARK = "-mark";

    private final Clock clock;
    private volatile Instant syncFailsUntil = Instant.MIN;

    FaultyDoor(Clock clock, Handler application) {
        super(application);
        this.clock = clock;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = Request.getPathInContext(request);
        if (path.equals(PATH + "/sync")) {
            if (mayPress(request)) {
                syncFailsUntil = clock.instant().plus(seconds(request));
            }
            send(response, callback, 200, syncState());
        } else if (path.equals(PATH + "/expire")) {
            if (mayPress(request)) {
                expire(request, response);
            }
            send(response, callback, 200, Map.of());
        } else if (path.equals(SYNC) && clock.instant().isBefore(syncFailsUntil)) {
            send(response, callback, 503, Map.of());
        } else {
            return super.handle(request, response, callback);
        }
        return true;
    }

    /** Any page can send a POST here, but every current browser says from where. */
    private static boolean mayPress(Request request) {
        String site = request.getHeaders().get("Sec-Fetch-Site");
        return HttpMethod.POST.is(request.getMethod()) && (site == null || site.equals("same-origin"));
    }

    private static Duration seconds(Request request) {
        Fields parameters = Request.extractQueryParameters(request);
        String text = parameters.getValue("seconds");
        return Duration.ofSeconds(text != null && text.matches("\\d{1,4}") ? Integer.parseInt(text) : 0);
    }

    private Map<String, Object> syncState() {
        Duration left = Duration.between(clock.instant(), syncFailsUntil);
        boolean over = left.isNegative() || left.isZero();
        return Map.of("fault", over ? "none" : "fail", "seconds", over ? 0 : left.toSeconds());
    }

    /** Ends the token cookie and its mark, as the browser itself does when their time has come; the others stay. */
    private static void expire(Request request, Response response) {
        for (HttpCookie cookie : Request.getCookies(request)) {
            String mark = cookie.getName();
            if (mark.endsWith(MARK)) {
                end(response, mark);
                end(response, mark.substring(0, mark.length() - MARK.length()));
            }
        }
    }

    private static void end(Response response, String cookie) {
        String secure = cookie.startsWith("__") ? "; Secure" : "";
        response.getHeaders().add(HttpHeader.SET_COOKIE, cookie + "=; Path=/; Max-Age=0" + secure);
    }

    private static void send(Response response, Callback callback, int status, Map<String, ?> json) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        Content.Sink.write(response, true, Json.text(json), callback);
    }
}
