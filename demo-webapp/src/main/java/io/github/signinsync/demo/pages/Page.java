// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.pages;

import io.github.signinsync.demo.text.Json;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/**
 * Sends one page or one JSON answer, with the headers they all share. A page shows who is signed in, so it is stored by
 * nobody: the back button after a sign-out must find nothing.
 */
final class Page {

    private Page() {}

    /** Shows the JSP page of this name under this title; what it needs to know is in request attributes. */
    static void show(HttpServletRequest request, HttpServletResponse response, String jsp, String title)
            throws ServletException, IOException {
        FrontEnd frontEnd = FrontEnd.of(request.getServletContext());
        request.setAttribute("title", title);
        request.setAttribute("here", jsp);
        request.setAttribute("viewer", Viewer.of(request));
        request.setAttribute("frontEnd", frontEnd);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Content-Security-Policy", frontEnd.contentSecurityPolicy());
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "same-origin");
        request.getRequestDispatcher("/WEB-INF/jsp/" + jsp + ".jsp").forward(request, response);
    }

    static void json(HttpServletResponse response, Map<String, ?> value) throws IOException {
        response.setContentType("application/json");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.getWriter().write(Json.text(value));
    }

    /** Tells whether another site's page sent this form. Every current browser says so on https and on localhost. */
    static boolean isFromAnotherSite(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return site != null && !site.equals("same-origin");
    }
}
