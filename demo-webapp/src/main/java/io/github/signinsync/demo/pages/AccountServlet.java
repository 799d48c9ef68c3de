// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.pages;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The signed-in user's own page, and the same as JSON. */
public final class AccountServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        Viewer viewer = Viewer.of(request);
        if (viewer.subject() == null) {
            // The filter's requiredPaths keep such requests away; this line is for the day somebody edits them.
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        if (request.getServletPath().endsWith(".json")) {
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("subject", viewer.subject());
            answer.put("name", viewer.name());
            answer.put("roles", viewer.roles());
            answer.put("session", viewer.session());
            Page.json(response, answer);
            return;
        }
        request.setAttribute("claims", SentClaims.of(getServletContext()).by(viewer.subject()));
        Page.show(request, response, "account", "Your account");
    }
}
