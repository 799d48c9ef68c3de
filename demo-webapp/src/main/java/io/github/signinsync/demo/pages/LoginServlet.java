// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.pages;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The sign-in page. The user signs in at the provider and comes back here; the script tells the filter and then goes on
 * to the page that was asked for, which is the parameter {@code return}.
 */
public final class LoginServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        String wanted = ownPath(request.getParameter("return"), request.getContextPath());
        if (request.getUserPrincipal() != null) {
            response.sendRedirect(wanted);
            return;
        }
        request.setAttribute("wanted", wanted);
        Page.show(request, response, "login", "Sign in");
    }

    /** Returns the path if it leads to this application, else its front page: nobody is sent elsewhere from here. */
    private static String ownPath(@Nullable String path, String contextPath) {
        String home = contextPath + "/";
        if (path == null || !path.startsWith(home) || path.startsWith("//")) {
            return home;
        }
        return path.chars().anyMatch(c -> c <= ' ' || c == '\\') ? home : path;
    }
}
