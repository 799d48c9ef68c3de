// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.signinsync.script.ScriptedServer.Plan;
import io.github.signinsync.script.ScriptedServer.Received;
import io.github.signinsync.script.ScriptedServer.Reply;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Stands before our filter: keeps the log of what arrives, answers in the filter's place, and holds back, breaks off or
 * robs of its cookies what the filter's endpoint answers.
 */
final class FaultInjector implements Filter {

    final List<Received> received = new CopyOnWriteArrayList<>();
    final Plan posts = new Plan();
    final Plan deletes = new Plan();
    final CookieEnds cookieEnds;
    volatile boolean writesCookies = true;

    /** Whether the application's own requests are answered as those of an expired login, until somebody signs in. */
    volatile boolean lapsed;

    private final Clock clock;

    FaultInjector(Clock clock) {
        this.clock = clock;
        this.cookieEnds = new CookieEnds(clock);
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        doFilter((HttpServletRequest) request, (HttpServletResponse) response, chain);
    }

    private void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        String path = request.getServletPath();
        if (path.startsWith("/sent")) {
            chain.doFilter(recorded("FORM", request), response);
        } else if (path.startsWith("/api")) {
            HttpServletRequest recorded = recorded("API", request);
            boolean applicationSpeaks = request.getQueryString() != null;
            if (lapsed && !applicationSpeaks) {
                send(Reply.expired(), response);
            } else {
                chain.doFilter(recorded, response);
            }
        } else if (path.equals("/signin-sync/session")) {
            endpoint(request, response, chain);
        } else {
            chain.doFilter(request, response);
        }
    }

    private void endpoint(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Plan plan = request.getMethod().equals("POST") ? posts : deletes;
        Reply reply = plan.take();
        HttpServletRequest recorded = recorded(request.getMethod(), request);
        if (reply != null && !reply.isCutOff()) {
            plan.awaitRelease();
            send(reply, response);
            return;
        }
        HeldAnswer answer = new HeldAnswer(response, this::goesOut);
        chain.doFilter(recorded, answer);
        plan.awaitRelease();
        if (plan == posts && answer.getStatus() == 200) {
            lapsed = false;
        }
        if (reply != null) {
            answer.sendHalf();
        } else {
            answer.send();
        }
    }

    private HttpServletRequest recorded(String kind, HttpServletRequest request) throws IOException {
        byte[] body = request.getInputStream().readAllBytes();
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        Collections.list(request.getHeaderNames())
                .forEach(name -> headers.put(name, Collections.list(request.getHeaders(name))));
        Map<String, String> cookies = new HashMap<>();
        if (request.getCookies() != null) {
            for (Cookie cookie : request.getCookies()) {
                cookies.put(cookie.getName(), cookie.getValue());
            }
        }
        received.add(new Received(kind, new String(body, UTF_8), headers, cookies, clock.millis()));
        return new ReadRequest(request, body);
    }

    private boolean goesOut(String setCookie) {
        if (writesCookies) {
            cookieEnds.note(setCookie);
        }
        return writesCookies;
    }

    private static void send(Reply reply, HttpServletResponse response) throws IOException {
        response.setStatus(reply.status());
        reply.headers().forEach(response::setHeader);
        if (reply.ours()) {
            response.setHeader("Signin-Sync", "1");
        }
        response.getOutputStream().write(reply.body().getBytes(UTF_8));
    }
}
