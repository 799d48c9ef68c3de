// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import io.github.signinsync.AuthChange;
import io.github.signinsync.Revocations;
import io.github.signinsync.RolesMapper;
import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.keys.KeyLookup;
import io.github.signinsync.keys.SigningKey;
import io.github.signinsync.session.Extensions;
import io.github.signinsync.testing.MovableClock;
import io.github.signinsync.testing.RawHttp;
import io.github.signinsync.testing.TestIssuer;
import jakarta.servlet.DispatcherType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.ee11.servlet.security.ConstraintMapping;
import org.eclipse.jetty.ee11.servlet.security.ConstraintSecurityHandler;
import org.eclipse.jetty.security.Constraint;
import org.eclipse.jetty.security.HashLoginService;
import org.eclipse.jetty.security.UserStore;
import org.eclipse.jetty.security.authentication.BasicAuthenticator;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.security.Credential;
import org.jspecify.annotations.Nullable;

/**
 * A small application behind the filter in a real container. Its clock, its keys and its listeners are the test's. The one
 * servlet says what it sees of the user and does what the parameter {@code do} asks for.
 */
final class TestApplication implements AutoCloseable {

    static final String ISSUER = "https://issuer.example";
    static final TestIssuer KEYS = TestIssuer.create(ISSUER);
    static final String COOKIE = "__Host-signin";
    static final String MARK = "__Host-signin-mark";
    static final String GENERATION = "__Host-signin-gen";
    static final String SWITCH = "__Host-signin-switch";
    static final String TWIN = "__Host-signin-n";
    static final String SYNC = "/signin-sync/session";

    final MovableClock clock = new MovableClock(Instant.parse("2026-11-23T12:00:00Z"));
    final List<AuthChange> changes = new CopyOnWriteArrayList<>();
    final Server server = new Server();
    final int port;

    volatile boolean keysAreDown;
    volatile @Nullable RuntimeException listenerFault;

    /** Starts one whose keys are read over the wire, with the clock of the machine, as in production. */
    static TestApplication startWithRealKeys(SigninSyncConfig config) {
        try {
            return new TestApplication(config);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private TestApplication(SigninSyncConfig config) throws Exception {
        clock.move(Duration.between(clock.instant(), Instant.now()));
        port = serve(List.of(new SigninSyncFilter(config)), "/*");
    }

    private TestApplication(
            List<Consumer<SigninSyncConfig.Builder>> filters,
            @Nullable RolesMapper rolesMapper,
            @Nullable Revocations revocations)
            throws Exception {
        Extensions extensions =
                new Extensions(List.of(change -> fail(listenerFault), changes::add), rolesMapper, revocations);
        List<SigninSyncFilter> installed = new ArrayList<>();
        for (Consumer<SigninSyncConfig.Builder> settings : filters) {
            SigninSyncConfig.Builder builder = SigninSyncConfig.builder()
                    .issuer(ISSUER)
                    .requiredPaths("/private/*")
                    .authorizedParties("https://app.example");
            settings.accept(builder);
            installed.add(new SigninSyncFilter(Wiring.of(builder.build(), clock, this::find, extensions)));
        }
        port = serve(installed, "/*");
    }

    /** Starts one whose filter is mapped to a part of the application only, or to some dispatches only. */
    static TestApplication startMappedTo(String pattern, EnumSet<DispatcherType> dispatches) {
        try {
            return new TestApplication(pattern, dispatches);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private TestApplication(String pattern, EnumSet<DispatcherType> dispatches) throws Exception {
        SigninSyncConfig config = SigninSyncConfig.builder()
                .issuer(ISSUER)
                .authorizedParties("https://app.example")
                .build();
        Extensions extensions = new Extensions(List.of(changes::add), null, null);
        port = serve(
                List.of(new SigninSyncFilter(Wiring.of(config, clock, this::find, extensions))), pattern, dispatches);
    }

    private int serve(List<SigninSyncFilter> filters, String pattern) throws Exception {
        return serve(filters, pattern, EnumSet.allOf(DispatcherType.class));
    }

    private int serve(List<SigninSyncFilter> filters, String pattern, EnumSet<DispatcherType> dispatches)
            throws Exception {
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/", ServletContextHandler.SESSIONS);
        for (SigninSyncFilter filter : filters) {
            FilterHolder holder = new FilterHolder(filter);
            holder.setAsyncSupported(true);
            context.addFilter(holder, pattern, dispatches);
        }
        context.setSecurityHandler(containerLogin());
        ServletHolder servlet = new ServletHolder(new EchoServlet());
        servlet.setAsyncSupported(true);
        context.addServlet(servlet, "/");
        ErrorPageErrorHandler errorPages = new ErrorPageErrorHandler();
        errorPages.addErrorPage(500, "/error-page");
        errorPages.addErrorPage(404, "/error-page");
        context.setErrorHandler(errorPages);
        server.setHandler(context);
        server.start();
        return connector.getLocalPort();
    }

    /** The container knows two users of its own, {@code alice} and {@code bob}, by HTTP Basic below {@code /container}. */
    private static ConstraintSecurityHandler containerLogin() {
        UserStore users = new UserStore();
        users.addUser("alice", Credential.getCredential("secret"), new String[] {"clerk"});
        users.addUser("bob", Credential.getCredential("secret"), new String[] {"clerk"});
        HashLoginService service = new HashLoginService("container");
        service.setUserStore(users);
        ConstraintSecurityHandler login = new ConstraintSecurityHandler();
        login.setLoginService(service);
        login.setAuthenticator(new BasicAuthenticator());
        login.setSessionRenewedOnAuthentication(false);
        ConstraintMapping mapping = new ConstraintMapping();
        mapping.setPathSpec("/container/*");
        mapping.setConstraint(Constraint.ANY_USER);
        login.addConstraintMapping(mapping);
        return login;
    }

    static TestApplication start() {
        return start(builder -> {});
    }

    static TestApplication start(Consumer<SigninSyncConfig.Builder> settings) {
        return start(1, settings);
    }

    static TestApplication start(int filters, Consumer<SigninSyncConfig.Builder> settings) {
        return start(filters, settings, null, null);
    }

    static TestApplication start(
            int filters,
            Consumer<SigninSyncConfig.Builder> settings,
            @Nullable RolesMapper rolesMapper,
            @Nullable Revocations revocations) {
        return start(Collections.nCopies(filters, settings), rolesMapper, revocations);
    }

    /** Starts one with a filter for each of these settings, in this order. */
    static TestApplication start(
            List<Consumer<SigninSyncConfig.Builder>> filters,
            @Nullable RolesMapper rolesMapper,
            @Nullable Revocations revocations) {
        try {
            return new TestApplication(filters, rolesMapper, revocations);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the claims of a good token for this user, which a test may change. */
    Map<String, Object> claims(String subject) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("sub", subject);
        claims.put("sid", "s1");
        claims.put("azp", "https://app.example");
        claims.put("iat", clock.seconds());
        claims.put("nbf", clock.seconds() - 10);
        claims.put("exp", clock.seconds() + 60);
        return claims;
    }

    /** Returns a good token for this user. */
    String token(String subject) {
        return KEYS.token("k1", claims(subject));
    }

    /** Returns a good token with some claims changed. */
    String token(String subject, Map<String, Object> changed) {
        Map<String, Object> claims = claims(subject);
        claims.putAll(changed);
        return KEYS.token("k1", claims);
    }

    /** GETs as a script's fetch does. */
    RawHttp.Answer get(String path, String... headers) {
        return request("GET", path, "", headers);
    }

    /** GETs as a browser does for a page. */
    RawHttp.Answer navigate(String path, String... headers) {
        List<String> lines =
                new ArrayList<>(List.of("GET " + path + " HTTP/1.1", "Accept: text/html", "Sec-Fetch-Dest: document"));
        lines.addAll(List.of(headers));
        return RawHttp.send(port, "", lines);
    }

    /** POSTs a token as the script does. */
    RawHttp.Answer post(String token, String... headers) {
        return sync("POST", token, headers);
    }

    /** DELETEs as the script does. */
    RawHttp.Answer delete(String... headers) {
        return sync("DELETE", "", headers);
    }

    RawHttp.Answer request(String method, String path, String body, String... headers) {
        List<String> lines = new ArrayList<>(
                List.of(method + " " + path + " HTTP/1.1", "Accept: application/json", "Sec-Fetch-Dest: empty"));
        lines.addAll(List.of(headers));
        return RawHttp.send(port, body, lines);
    }

    private RawHttp.Answer sync(String method, String body, String... headers) {
        List<String> lines = new ArrayList<>(List.of(
                method + " " + SYNC + " HTTP/1.1",
                "Origin: http://localhost:" + port,
                "Sec-Fetch-Site: same-origin",
                "Sec-Fetch-Dest: empty",
                "Signin-Sync: 1"));
        if (method.equals("POST")) {
            lines.add("Content-Type: application/jwt");
        }
        lines.addAll(List.of(headers));
        return RawHttp.send(port, body, lines);
    }

    /** Returns a Cookie header of name and value pairs. */
    static String cookies(String... namesAndValues) {
        StringBuilder line = new StringBuilder("Cookie: ");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            line.append(i == 0 ? "" : "; ")
                    .append(namesAndValues[i])
                    .append('=')
                    .append(namesAndValues[i + 1]);
        }
        return line.toString();
    }

    /** Returns a Cookie header with our token cookie. */
    static String signedIn(String token) {
        return cookies(COOKIE, token);
    }

    /** Returns a Cookie header with our token cookie and the session that an answer set. */
    static String signedIn(String token, String session) {
        return cookies(COOKIE, token, "JSESSIONID", session);
    }

    private KeyLookup find(String keyId) {
        if (keysAreDown) {
            return new KeyLookup.Unavailable("down");
        }
        return keyIs(keyId)
                ? new KeyLookup.Found(
                        new SigningKey(keyId, null, KEYS.pair(keyId).getPublic()))
                : new KeyLookup.Unknown();
    }

    private static boolean keyIs(String keyId) {
        return keyId.equals("k1") || keyId.equals("k2") || keyId.equals("e1");
    }

    private static void fail(@Nullable RuntimeException fault) {
        if (fault != null) {
            throw fault;
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
