// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import java.io.IOException;
import java.security.Principal;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;

/**
 * Says what it sees of the user, a line each, after doing what the parameter {@code do} asks for, as an application that
 * knows nothing of the filter would.
 */
final class EchoServlet extends HttpServlet {

    /** Lets a test stop requests with {@code do=hold...} inside the application and let them go on. */
    static final Semaphore HELD = new Semaphore(0);

    static final Semaphore RELEASED = new Semaphore(0);

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (request.getDispatcherType() == DispatcherType.REQUEST) {
            String action = request.getParameter("do");
            switch (action == null ? "" : action) {
                case "work" -> request.getSession().setAttribute("work", request.getParameter("value"));
                case "session" -> request.getSession();
                case "invalidate" -> request.getSession().invalidate();
                case "change-id" -> request.changeSessionId();
                case "scribble" -> request.getSession().setAttribute("io.github.signinsync.binding", "scribbled");
                case "logout" -> request.logout();
                case "authenticate" -> {
                    if (!request.authenticate(response)) {
                        return;
                    }
                }
                case "logout-then-authenticate" -> {
                    request.logout();
                    if (!request.authenticate(response)) {
                        return;
                    }
                }
                case "hold" -> hold();
                case "hold-then-session" -> {
                    hold();
                    request.getSession();
                }
                case "hold-then-logout" -> {
                    hold();
                    request.logout();
                }
                case "hold-then-async" -> {
                    hold();
                    request.startAsync().dispatch("/dispatched");
                    return;
                }
                case "throws-when-unbound" -> request.getSession().setAttribute("listener", new ThrowingListener());
                case "send-error" -> {
                    response.sendError(500);
                    return;
                }
                case "throw" -> throw new ServletException("thrown by the application");
                case "forward" -> {
                    String target = request.getParameter("to");
                    request.getRequestDispatcher(target == null ? "/forwarded" : target)
                            .forward(request, response);
                    return;
                }
                case "include" -> {
                    request.getRequestDispatcher("/included").include(request, response);
                    return;
                }
                case "async" -> {
                    AsyncContext async = request.startAsync();
                    async.dispatch("/dispatched");
                    return;
                }
                case "async-with-arguments" -> {
                    AsyncContext async = request.startAsync(request, response);
                    async.dispatch("/dispatched");
                    return;
                }
                case "cacheable" -> response.setHeader("Cache-Control", "public, max-age=60");
                default -> {}
            }
        }
        describe(request, response);
    }

    private static void hold() {
        HELD.release();
        RELEASED.acquireUninterruptibly();
    }

    /** An attribute that throws when its session ends. */
    private static final class ThrowingListener implements HttpSessionBindingListener {
        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            throw new UnsupportedOperationException("thrown by the application");
        }
    }

    private static void describe(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Principal principal = request.getUserPrincipal();
        HttpSession session = request.getSession(false);
        response.setContentType("text/plain;charset=utf-8");
        response.getWriter()
                .print("dispatch=" + request.getDispatcherType() + "\n"
                        + "user=" + (principal == null ? "nobody" : principal.getName()) + "\n"
                        + "remote=" + request.getRemoteUser() + "\n"
                        + "auth=" + request.getAuthType() + "\n"
                        + "admin=" + request.isUserInRole("admin") + "\n"
                        + "session=" + (session == null ? "none" : "yes") + "\n"
                        + "valid=" + request.isRequestedSessionIdValid() + "\n"
                        + "work=" + (session == null ? null : session.getAttribute("work")) + "\n"
                        + "site=" + sites(request) + "\n");
    }

    /** What all ways of asking for the header say. */
    private static Set<String> sites(HttpServletRequest request) {
        Set<String> sites = new TreeSet<>(Collections.list(request.getHeaders("Sec-Fetch-Site")));
        sites.add(String.valueOf(request.getHeader("sec-fetch-site")));
        if (Collections.list(request.getHeaderNames()).stream().noneMatch("Sec-Fetch-Site"::equalsIgnoreCase)) {
            sites.add("null");
        }
        return sites;
    }
}
