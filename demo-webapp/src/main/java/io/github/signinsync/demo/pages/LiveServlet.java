// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.pages;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The live view: who the filter says is there, and every sign-in and sign-out since the start. */
public final class LiveServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (!request.getServletPath().endsWith(".json")) {
            Page.show(request, response, "live", "Live view");
            return;
        }
        Viewer viewer = Viewer.of(request);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("now", Instant.now().toEpochMilli());
        answer.put("user", viewer.subject());
        answer.put("name", viewer.name());
        answer.put("roles", viewer.roles());
        answer.put("login", viewer.loginId());
        answer.put("expires", viewer.expires());
        answer.put("session", viewer.session());
        answer.put("events", AuthLog.events().stream().map(LiveServlet::json).toList());
        Page.json(response, answer);
    }

    private static Map<String, Object> json(AuthLog.Event event) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("number", event.number());
        json.put("at", event.at());
        json.put("kind", event.kind());
        json.put("subject", event.subject());
        json.put("cause", event.cause());
        return json;
    }
}
