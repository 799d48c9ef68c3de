// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import io.github.signinsync.AuthChangeListener;
import io.github.signinsync.Revocations;
import io.github.signinsync.RolesMapper;
import io.github.signinsync.config.ConfigReader;
import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.keys.JwksKeys;
import io.github.signinsync.keys.SigningKeys;
import io.github.signinsync.session.Extensions;
import io.github.signinsync.session.RequestAuthenticator;
import io.github.signinsync.session.SessionDecision;
import io.github.signinsync.token.TokenVerifier;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Joins the objects of one filter, and is the only place that does. */
final class Wiring implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Wiring.class.getPackageName());

    private final SigninSyncConfig config;
    private final Clock clock;
    private final SigningKeys keys;
    private final @Nullable Extensions givenExtensions;
    private @Nullable Joined joined;

    private Wiring(SigninSyncConfig config, Clock clock, SigningKeys keys, @Nullable Extensions extensions) {
        this.config = config;
        this.clock = clock;
        this.keys = keys;
        this.givenExtensions = extensions;
    }

    static Wiring of(SigninSyncConfig config) {
        return new Wiring(config, Clock.systemUTC(), new JwksKeys(config.keys()), null);
    }

    /** Reads the settings from where the container and the machine keep them. */
    static Wiring of(FilterConfig filterConfig) {
        Map<String, String> initParams = Collections.list(filterConfig.getInitParameterNames()).stream()
                .collect(Collectors.toMap(Function.identity(), filterConfig::getInitParameter));
        return of(new ConfigReader(initParams, properties(), System.getenv()).read());
    }

    /** For tests, which bring their own time, keys and extensions. */
    static Wiring of(SigninSyncConfig config, Clock clock, SigningKeys keys, Extensions extensions) {
        return new Wiring(config, clock, keys, extensions);
    }

    void start(ServletContext context) {
        if (!config.enabled()) {
            LOG.log(Level.WARNING, "Signin Sync is off (enabled=false): nobody is signed in, nothing is protected.");
            return;
        }
        Extensions extensions = givenExtensions != null ? givenExtensions : load(context.getClassLoader());
        TokenVerifier verifier = new TokenVerifier(config.token(), keys, clock);
        RequestAuthenticator authenticator = new RequestAuthenticator(config, verifier, extensions, clock);
        AccessRules access = new AccessRules(config.access());
        Challenge challenge =
                new Challenge(config.access().loginPage(), config.session().bearer(), authenticator);
        OriginalSite originalSite = new OriginalSite(new BrowserNotes(config.cookie()));
        joined = new Joined(
                authenticator,
                access,
                challenge,
                new Endpoints(config.sync(), config.cookie(), authenticator, clock),
                new ResyncPage(config, authenticator, access, challenge, originalSite, clock),
                originalSite);
        if (keys instanceof JwksKeys jwksKeys) {
            jwksKeys.start();
        }
        if (!config.cookie().secure() && config.sync().served()) {
            LOG.log(
                    Level.WARNING,
                    "Signin Sync: cookieSecure=false lets cookies travel over plain http, where everybody on the way can read "
                            + "them. That is for a network you trust; anywhere else use https.");
        }
        LOG.log(
                Level.INFO,
                "Signin Sync: issuer {0}, keys from {1}, users required on {2}, script and endpoint below {3}.",
                config.token().issuers().get(0),
                config.keys().jwksUrl(),
                config.access().requiredPaths(),
                config.sync().served()
                        ? context.getContextPath() + config.sync().path()
                        : "(none)");
    }

    boolean enabled() {
        return joined != null;
    }

    RequestAuthenticator authenticator() {
        return joined().authenticator();
    }

    AccessRules access() {
        return joined().access();
    }

    Challenge challenge() {
        return joined().challenge();
    }

    Endpoints endpoints() {
        return joined().endpoints();
    }

    ResyncPage resyncPage() {
        return joined().resyncPage();
    }

    OriginalSite originalSite() {
        return joined().originalSite();
    }

    /** Wraps the request in what its decision lets the application see, unless it is wrapped already. */
    HttpServletRequest attach(HttpServletRequest request, HttpServletResponse response, SessionDecision decision) {
        if (decision instanceof SessionDecision.SignedIn signedIn) {
            return SignedInRequest.wrap(request, response, signedIn.principal(), signedIn.token(), authenticator());
        }
        if (decision instanceof SessionDecision.Replaced replaced) {
            return SignedInRequest.wrap(request, response, replaced.principal(), replaced.token(), authenticator());
        }
        if (decision instanceof SessionDecision.Lapsed lapsed) {
            return AnonymousRequest.wrap(request, response, authenticator(), lapsed.binding());
        }
        if (decision instanceof SessionDecision.Anonymous
                || decision instanceof SessionDecision.Ended
                || decision instanceof SessionDecision.Undetermined) {
            return withoutUser(request, response);
        }
        throw new AssertionError(decision.getClass());
    }

    /** Wraps a request that nobody is known to have sent, unless it is wrapped already. */
    HttpServletRequest withoutUser(HttpServletRequest request, HttpServletResponse response) {
        return AnonymousRequest.wrap(request, response, authenticator(), null);
    }

    @Override
    public void close() {
        if (keys instanceof JwksKeys jwksKeys) {
            jwksKeys.close();
        }
    }

    private Joined joined() {
        if (joined == null) {
            throw new IllegalStateException("not started");
        }
        return joined;
    }

    private static Map<String, String> properties() {
        Properties properties = System.getProperties();
        Map<String, String> copy = new HashMap<>();
        for (String name : properties.stringPropertyNames()) {
            String value = properties.getProperty(name);
            if (value != null) {
                copy.put(name, value);
            }
        }
        return copy;
    }

    private static Extensions load(@Nullable ClassLoader loader) {
        return new Extensions(
                all(AuthChangeListener.class, loader),
                atMostOne(RolesMapper.class, loader),
                atMostOne(Revocations.class, loader));
    }

    private static <T> @Nullable T atMostOne(Class<T> type, @Nullable ClassLoader loader) {
        List<T> found = all(type, loader);
        if (found.size() > 1) {
            throw new IllegalArgumentException("Signin Sync: " + found.size() + " implementations of " + type.getName()
                    + " are registered in META-INF/services; keep one.");
        }
        return found.isEmpty() ? null : found.get(0);
    }

    private static <T> List<T> all(Class<T> type, @Nullable ClassLoader loader) {
        try {
            return ServiceLoader.load(type, loader).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();
        } catch (ServiceConfigurationError e) {
            throw new IllegalArgumentException(
                    "Signin Sync: an implementation of " + type.getName()
                            + " that META-INF/services names cannot be made: " + e.getMessage(),
                    e);
        }
    }

    private record Joined(
            RequestAuthenticator authenticator,
            AccessRules access,
            Challenge challenge,
            Endpoints endpoints,
            ResyncPage resyncPage,
            OriginalSite originalSite) {}
}
