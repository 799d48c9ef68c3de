// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.pages;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A form in three steps whose answers wait in the {@code HttpSession}: the work that must neither be lost to a token that
 * expired for a second nor be shown to the next user of the browser. Open to everybody; only sending needs a user.
 */
public final class WorkServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final String DRAFT = "draft";
    private static final int LAST_STEP = 3;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (request.getServletPath().endsWith(".json")) {
            state(request, response);
            return;
        }
        Draft draft = draft(request);
        request.setAttribute(DRAFT, draft == null ? Draft.EMPTY : draft);
        request.setAttribute("step", step(request));
        Page.show(request, response, "work", "New claim");
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (Page.isFromAnotherSite(request)) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        Draft draft = draft(request);
        switch (step(request)) {
            case 1 -> keep(request, orEmpty(draft).withTrip(field(request, "destination"), field(request, "reason")));
            case 2 -> keep(request, orEmpty(draft).withCost(field(request, "item"), field(request, "amount")));
            default -> {
                send(request, response, draft);
                return;
            }
        }
        response.sendRedirect(request.getContextPath() + "/work?step=" + (step(request) + 1));
    }

    /** Tells a script what there is, without making anything: what a page's background poll looks like. */
    private static void state(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Draft draft = draft(request);
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("user", request.getRemoteUser());
        state.put("session", request.getSession(false) != null);
        state.put(DRAFT, draft == null ? null : draft.destination());
        Page.json(response, state);
    }

    private void send(HttpServletRequest request, HttpServletResponse response, @Nullable Draft draft)
            throws IOException {
        Viewer viewer = Viewer.of(request);
        if (viewer.subject() == null || draft == null) {
            response.sendRedirect(request.getContextPath() + "/work?step=" + (draft == null ? 1 : LAST_STEP));
            return;
        }
        SentClaims.of(getServletContext()).add(new SentClaims.Sent(viewer.subject(), viewer.name(), draft));
        request.getSession().removeAttribute(DRAFT);
        response.sendRedirect(request.getContextPath() + "/account");
    }

    private static @Nullable Draft draft(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session != null && session.getAttribute(DRAFT) instanceof Draft draft ? draft : null;
    }

    private static void keep(HttpServletRequest request, Draft draft) {
        request.getSession().setAttribute(DRAFT, draft);
    }

    private static Draft orEmpty(@Nullable Draft draft) {
        return draft == null ? Draft.EMPTY : draft;
    }

    private static int step(HttpServletRequest request) {
        String step = request.getParameter("step");
        return step != null && step.matches("[1-3]") ? Integer.parseInt(step) : 1;
    }

    private static String field(HttpServletRequest request, String name) {
        String value = request.getParameter(name);
        return value == null
                ? ""
                : value.strip().substring(0, Math.min(value.strip().length(), 120));
    }
}
