// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.idp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.signinsync.demo.idp.Logins.Login;
import io.github.signinsync.demo.idp.TokenFaults.Fault;
import io.github.signinsync.demo.text.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A small identity provider on an origin of its own: a sign-in page, a key set, short-lived RS256 tokens, and {@code
 * /clerk.js}, a front end shaped like Clerk's. Its buttons rotate keys, take it down, end logins and spoil token calls.
 */
public final class StandInProvider implements AutoCloseable {

    private static final String KEY_SET = "/.well-known/jwks.json";
    private static final String TOKEN_FAULTS = "/control/tokens";
    private static final Duration SLOW = Duration.ofSeconds(8);
    private static final String JSON = "application/json";

    private final Clock clock;
    private final HttpServer server;
    private final ExecutorService threads;
    private final KeyRing keys;
    private final Logins logins = new Logins();
    private final TokenFaults faults;
    private final Duration tokenLife;
    private final String issuer;
    private final String appOrigin;
    private volatile Instant downUntil = Instant.MIN;

    private StandInProvider(Clock clock, HttpServer server, String issuer, String appOrigin, Duration tokenLife) {
        this.clock = clock;
        this.server = server;
        this.issuer = issuer;
        this.appOrigin = appOrigin;
        this.tokenLife = tokenLife;
        this.keys = new KeyRing(clock);
        this.faults = new TokenFaults(clock);
        this.threads = Executors.newFixedThreadPool(8);
    }

    /**
     * Starts a provider.
     *
     * @param address where it listens
     * @param host the host name of its URL, as browsers see it
     * @param appOrigin the one origin whose pages may ask it for tokens
     * @param tokenLife how long its tokens live
     * @throws IOException if the port is taken
     */
    public static StandInProvider start(InetSocketAddress address, String host, String appOrigin, Duration tokenLife)
            throws IOException {
        HttpServer server = HttpServer.create(address, 0);
        String issuer = "http://" + host + ":" + server.getAddress().getPort();
        StandInProvider provider = new StandInProvider(Clock.systemUTC(), server, issuer, appOrigin, tokenLife);
        server.setExecutor(provider.threads);
        server.createContext("/", provider::answer);
        server.start();
        return provider;
    }

    /** Returns the URL of its pages, which is also the {@code iss} claim of its tokens. */
    public String url() {
        return issuer;
    }

    /** Stops listening at once. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange http) throws IOException {
        try (Exchange exchange = new Exchange(http)) {
            boolean isFrontEnd = exchange.path().startsWith("/v1/");
            boolean isReadByPages = isFrontEnd || exchange.path().equals(TOKEN_FAULTS);
            if (isReadByPages && appOrigin.equals(exchange.origin())) {
                exchange.setHeader("Access-Control-Allow-Origin", appOrigin);
                exchange.setHeader("Access-Control-Allow-Credentials", "true");
                exchange.setHeader("Vary", "Origin");
            }
            if (isStranger(exchange)) {
                exchange.send(403, "text/plain", "Not from this origin.");
            } else if (isDown() && (isFrontEnd || exchange.path().equals(KEY_SET))) {
                exchange.send(503, "text/plain", "Down for a while.");
            } else if (exchange.method().equals("POST")) {
                answerPost(exchange);
            } else {
                answerGet(exchange);
            }
        }
    }

    /** Every browser sends an Origin with a POST, so a page of anybody else cannot press our buttons. */
    private boolean isStranger(Exchange exchange) {
        String origin = exchange.origin();
        return origin != null && !origin.equals(appOrigin) && !origin.equals(issuer);
    }

    private boolean isDown() {
        return clock.instant().isBefore(downUntil);
    }

    private void answerGet(Exchange exchange) throws IOException {
        switch (exchange.path()) {
            case KEY_SET -> exchange.send(200, JSON, keys.jwks());
            case "/clerk.js" -> exchange.sendFile("clerk.js", "text/javascript");
            case "/provider.css" -> exchange.sendFile("provider.css", "text/css");
            case "/v1/client" -> sendClient(exchange);
            case TOKEN_FAULTS -> exchange.send(200, JSON, Json.text(faults.state()));
            case "/", "/sign-in" -> sendPage(exchange);
            default -> exchange.send(404, "text/plain", "Nothing here.");
        }
    }

    private void answerPost(Exchange exchange) throws IOException {
        switch (exchange.path()) {
            case "/v1/tokens" -> sendToken(exchange);
            case "/v1/sign-out" -> {
                signOut(exchange);
                exchange.send(200, JSON, "{\"session\":null}");
            }
            case "/sign-in" -> signIn(exchange);
            case "/sign-out" -> {
                signOut(exchange);
                sendBack(exchange);
            }
            case "/control/rotate" -> {
                keys.rotate(exchange.seconds("keep", 60));
                sendBack(exchange);
            }
            case "/control/down" -> {
                downUntil = clock.instant().plus(exchange.seconds("seconds", 30));
                sendBack(exchange);
            }
            case "/control/up" -> {
                downUntil = Instant.MIN;
                sendBack(exchange);
            }
            case "/control/end-logins" -> {
                logins.endAll();
                sendBack(exchange);
            }
            case TOKEN_FAULTS -> {
                faults.begin(exchange.parameter("fault"), exchange.seconds("seconds", 30));
                exchange.send(200, JSON, Json.text(faults.state()));
            }
            default -> exchange.send(404, "text/plain", "Nothing here.");
        }
    }

    private void sendClient(Exchange exchange) throws IOException {
        Login login = logins.of(exchange.cookie());
        Map<String, Object> client = new LinkedHashMap<>();
        client.put("session", login == null ? null : session(login));
        exchange.send(200, JSON, Json.text(client));
    }

    private static Map<String, Object> session(Login login) {
        Person person = login.person();
        Map<String, Object> user = Map.of("id", person.subject(), "fullName", person.name());
        return Map.of("id", login.id(), "status", "active", "user", user);
    }

    private void sendToken(Exchange exchange) throws IOException {
        Fault fault = faults.next();
        if (fault == Fault.FAIL) {
            exchange.send(500, "text/plain", "Something broke.");
            return;
        }
        Login login = logins.of(exchange.cookie());
        boolean refused = fault == Fault.REFUSE || fault == Fault.REFUSE_ONCE;
        if (refused || login == null || !login.id().equals(exchange.parameter("session"))) {
            exchange.send(401, JSON, "{\"errors\":[{\"code\":\"authentication_invalid\"}]}");
            return;
        }
        if (fault == Fault.SLOW) {
            dawdle();
        }
        exchange.send(200, JSON, Json.text(Map.of("jwt", keys.sign(claims(login)))));
    }

    private static void dawdle() {
        try {
            Thread.sleep(SLOW.toMillis());
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private Map<String, Object> claims(Login login) {
        long now = clock.instant().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("sub", login.person().subject());
        claims.put("sid", login.id());
        claims.put("azp", appOrigin);
        claims.put("iat", now);
        claims.put("nbf", now - 10);
        claims.put("exp", now + tokenLife.toSeconds());
        claims.put("name", login.person().name());
        claims.put("roles", login.person().roles());
        return claims;
    }

    private void signIn(Exchange exchange) throws IOException {
        for (Person person : Person.ALL) {
            if (person.id().equals(exchange.parameter("person"))) {
                logins.end(exchange.cookie());
                exchange.setCookie(logins.start(person));
                sendBack(exchange);
                return;
            }
        }
        exchange.send(400, "text/plain", "Nobody of that name.");
    }

    private void signOut(Exchange exchange) {
        logins.end(exchange.cookie());
        exchange.clearCookie();
    }

    private void sendPage(Exchange exchange) throws IOException {
        ProviderPage page = new ProviderPage(
                logins.of(exchange.cookie()),
                returnUrl(exchange),
                appOrigin,
                tokenLife,
                keys.ids(),
                isDown() ? Duration.between(clock.instant(), downUntil) : Duration.ZERO);
        exchange.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'self'; img-src data:; form-action 'self' " + appOrigin
                        + "; base-uri 'none'; frame-ancestors 'none'");
        exchange.send(200, "text/html", page.html());
    }

    private void sendBack(Exchange exchange) throws IOException {
        exchange.redirect(returnUrl(exchange));
    }

    /** Sends nobody anywhere but to our application or to our own page. */
    private String returnUrl(Exchange exchange) {
        String url = exchange.parameter("redirect_url");
        return url.startsWith(appOrigin + "/") ? url : "/";
    }
}
