// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.signinsync.script.ScriptedServer.Visit;
import io.github.signinsync.testing.TestIssuer;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.security.Principal;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The application behind the filter: pages under a strict content security policy, and a session that remembers, as old
 * applications do, whom it was shown to. Beside it the signing half of the fake provider.
 */
final class ScenarioPages extends HttpServlet {

    static final String AUTHORIZED_PARTY = "https://app.test";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SHOWN_TO = "shownTo";

    private final transient TestIssuer issuer;
    private final transient Consumer<Visit> visits;

    ScenarioPages(TestIssuer issuer, Consumer<Visit> visits) {
        this.issuer = issuer;
        this.visits = visits;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        String path = request.getServletPath();
        if (path.startsWith("/sent")) {
            answer(request, response, 204);
        } else if (path.startsWith("/api")) {
            answer(request, response, 200);
        } else {
            super.service(request, response);
        }
    }

    /**
     * A form is answered without content, so that its page stays; the rest by what arrived. {@code own} in the query is a
     * 401 of the application's own, {@code moved} a redirect.
     */
    private static void answer(HttpServletRequest request, HttpServletResponse response, int status)
            throws IOException {
        String query = String.valueOf(request.getQueryString());
        if (query.contains("moved")) {
            response.setStatus(303);
            response.setHeader("Location", Container.CONTEXT_PATH + "/api");
        } else if (query.contains("own")) {
            response.setStatus(401);
            response.setHeader("WWW-Authenticate", "Bearer error=\"expired\"");
            send(response, "text/plain", "own");
        } else {
            response.setStatus(status);
            String body = new String(request.getInputStream().readAllBytes(), UTF_8);
            send(response, "text/plain", status == 204 ? "" : request.getMethod() + " " + body);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String name = request.getServletPath().substring(1);
        if (name.endsWith(".js")) {
            send(response, "text/javascript", new String(Script.testResource(name), UTF_8));
            return;
        }
        visit(name, request);
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; frame-src 'self'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'");
        send(response, "text/html", html(name, request.getQueryString()));
    }

    /** Signs the claims that the fake provider made up. */
    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Map<String, Object> claims = new HashMap<>(JSON.readValue(request.getInputStream(), new TypeReference<>() {}));
        claims.put("azp", AUTHORIZED_PARTY);
        send(response, "application/jwt", issuer.token("k1", claims));
    }

    private void visit(String name, HttpServletRequest request) {
        Principal principal = request.getUserPrincipal();
        String user = principal == null ? "" : principal.getName();
        HttpSession session = request.getSession();
        visits.accept(new Visit(name, user, Objects.toString(session.getAttribute(SHOWN_TO), "")));
        session.setAttribute(SHOWN_TO, user);
    }

    private static String html(String page, String query) {
        String provider = page.startsWith("clerk") ? "<script src=fake-clerk.js></script>" : "";
        String starter = page.equals("classic")
                ? "<script src=signin-sync/signin-sync.classic.js data-get-token=fake.getToken "
                        + (query == null ? "" : query.replace('&', ' '))
                        + "></script>"
                : "<script type=module src=page.js></script>";
        if (page.equals("empty")) {
            return "<!doctype html><title>empty</title>";
        }
        String frame = "frame".equals(query) ? "<iframe src=" + page + "></iframe>" : "";
        return "<!doctype html><title>" + page + "</title><script src=fake-provider.js></script>" + provider + starter
                + frame
                + (page.endsWith("forms") ? new String(Script.testResource("forms.html"), UTF_8) : "");
    }

    private static void send(HttpServletResponse response, String type, String body) throws IOException {
        response.setContentType(type + ";charset=utf-8");
        response.getOutputStream().write(body.getBytes(UTF_8));
    }
}
