// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.session.SessionDecision;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Lets a servlet application know who is signed in: verifies the token a request brings and attaches the user, or takes
 * the session away from whoever is no longer signed in.
 *
 * <p>The jar declares it ({@code META-INF/web-fragment.xml}) and puts it before all other filters and on every path ({@link
 * SigninSyncInitializer}); settings come from init-params, system properties and the environment (see {@link
 * io.github.signinsync.config.Setting}). Declaring it in {@code web.xml} under the filter-name {@code signin-sync} replaces
 * that declaration. One that cannot be configured does not start, and neither does the application. Safe for all threads.
 */
public final class SigninSyncFilter implements Filter {

    private final @Nullable Wiring given;
    private @Nullable Wiring wiring;

    /** Makes a filter that reads its settings when the container starts it. */
    public SigninSyncFilter() {
        given = null;
    }

    /**
     * Makes a filter with these settings, for applications that register it in code. Init-params, properties and the
     * environment are not read.
     *
     * @param config the settings
     */
    public SigninSyncFilter(SigninSyncConfig config) {
        given = Wiring.of(config);
    }

    SigninSyncFilter(Wiring wiring) {
        given = wiring;
    }

    @Override
    public void init(FilterConfig filterConfig) throws ServletException {
        try {
            wiring = given != null ? given : Wiring.of(filterConfig);
            wiring.start(filterConfig.getServletContext());
        } catch (IllegalArgumentException refused) {
            throw new ServletException(refused.getMessage(), refused);
        }
    }

    @Override
    public void destroy() {
        if (wiring != null) {
            wiring.close();
        }
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        if (wiring == null) {
            throw new ServletException("Signin Sync was not initialised: nothing may pass.");
        }
        if (wiring.enabled()
                && servletRequest instanceof HttpServletRequest request
                && servletResponse instanceof HttpServletResponse response) {
            doFilter(wiring, request, response, chain);
        } else {
            chain.doFilter(servletRequest, servletResponse);
        }
    }

    private static void doFilter(
            Wiring wiring, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        RequestPath path = RequestPath.of(request);
        boolean fromOutside = request.getDispatcherType() == DispatcherType.REQUEST;
        if (fromOutside && wiring.endpoints().serve(path, request, response)) {
            return;
        }
        if (isNobodysBusiness(wiring, path, request)) {
            chain.doFilter(wiring.withoutUser(request, response), response);
            return;
        }
        SessionDecision decision = wiring.authenticator().authenticate(request, response);
        AccessRules.Access access =
                fromOutside ? wiring.access().check(path, request, decision) : AccessRules.inner(decision);
        boolean needsUser = access == AccessRules.Access.SIGN_IN;
        if (fromOutside && wiring.resyncPage().answers(path, request, response, decision, needsUser)) {
            return;
        }
        switch (access) {
            case PASS -> {
                // Containers reset the head of an answer before they come to the error page.
                boolean startsAnAnswer = fromOutside || request.getDispatcherType() == DispatcherType.ERROR;
                if (startsAnAnswer && wiring.access().isPrivate(path, decision)) {
                    NoStore.on(response);
                }
                HttpServletRequest asked = wiring.originalSite().restore(request);
                chain.doFilter(wiring.attach(asked, response, decision), response);
            }
            case SIGN_IN -> wiring.challenge().askToSignIn(request, response, decision);
            case TRY_LATER -> wiring.challenge().askToRetry(request, response);
        }
    }

    /**
     * Tells whether there is nothing to decide, and nothing was: an ignored path, or an inner dispatch from one. A session
     * that is somebody's always is something to decide. Error pages are decided too, because a container can come to them
     * without having come through here.
     */
    private static boolean isNobodysBusiness(Wiring wiring, RequestPath path, HttpServletRequest request) {
        boolean leftAlone = switch (request.getDispatcherType()) {
            case REQUEST -> wiring.access().ignores(path);
            case FORWARD, INCLUDE, ASYNC -> true;
            case ERROR -> false;
        };
        return leftAlone
                && wiring.authenticator().decided(request) == null
                && !wiring.authenticator().bringsBoundSession(request);
    }
}
