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
 * The page that invites to break the synchronization. Its note waits in the {@code HttpSession}, to see that no fault
 * loses one. Some faults need help from before the filter, which only the launcher gives.
 */
public final class BreakItServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final String NOTE = "note";
    private static final int LIMIT = 500;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        request.setAttribute(NOTE, note(request));
        request.setAttribute("faultsPath", System.getProperty("demo.faultsPath"));
        Page.show(request, response, "break-it", "Try to break it");
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (Page.isFromAnotherSite(request)) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        Viewer viewer = Viewer.of(request);
        if (viewer.subject() == null) {
            response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
            return;
        }
        String note = request.getParameter(NOTE);
        if (note == null || note.length() > LIMIT) {
            response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return;
        }
        request.getSession().setAttribute(NOTE, note);
        Map<String, Object> kept = new LinkedHashMap<>();
        kept.put("name", viewer.name());
        kept.put(NOTE, note);
        Page.json(response, kept);
    }

    private static @Nullable String note(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session != null && session.getAttribute(NOTE) instanceof String note ? note : null;
    }
}
