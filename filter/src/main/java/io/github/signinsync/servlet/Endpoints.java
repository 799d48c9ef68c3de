// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.session.RequestAuthenticator;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;

/** What the filter itself answers: four exact paths below {@code syncPath}, and nothing else there. */
final class Endpoints {

    private final Map<String, Endpoint> byPath;

    Endpoints(
            SigninSyncConfig.Sync config,
            SigninSyncConfig.Cookie cookie,
            RequestAuthenticator authenticator,
            Clock clock) {
        byPath = config.served()
                ? Map.of(
                        config.path() + "/session",
                        new SyncEndpoint(config.origins(), authenticator, clock),
                        config.path() + "/signin-sync.js",
                        ScriptEndpoint.module(cookie.markName()),
                        config.path() + "/signin-sync.classic.js",
                        ScriptEndpoint.classic(cookie.markName()),
                        config.path() + "/signin-sync.resync.js",
                        ScriptEndpoint.resync())
                : Map.of();
    }

    /** Answers the request if it is for one of them. */
    boolean serve(RequestPath path, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Endpoint endpoint = path.ambiguous() ? null : byPath.get(path.text());
        if (endpoint == null) {
            return false;
        }
        endpoint.serve(request, response);
        return true;
    }

    /** One of them. */
    interface Endpoint {
        void serve(HttpServletRequest request, HttpServletResponse response) throws IOException;
    }
}
