// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.idp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.signinsync.demo.idp.Logins.Login;
import io.github.signinsync.demo.text.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A small identity provider on an origin of its own: a sign-in page, a key set, short-lived RS256 tokens, and {@code
 * /clerk.js}, a front end shaped like Clerk's. Its buttons rotate keys, take it down and end logins.
 */
public final class StandInProvider implements AutoCloseable {

    private static final String COOKIE = "standin";

    private final Clock clock;
    private final HttpServer server;
    private final ExecutorService threads;
    private final KeyRing keys;
    private final Logins logins = new Logins();
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
        try (http) {
            String route = http.getRequestMethod() + " " + http.getRequestURI().getPath();
            boolean isFrontEnd = http.getRequestURI().getPath().startsWith("/v1/");
            if (isFrontEnd) {
                allowOurApplication(http);
            }
            if (isStranger(http)) {
                send(http, 403, "text/plain", "Not from this origin.");
                return;
            }
            if (isDown() && (isFrontEnd || route.equals("GET /.well-known/jwks.json"))) {
                send(http, 503, "text/plain", "Down for a while.");
                return;
            }
            switch (route) {
                case "GET /.well-known/jwks.json" -> send(http, 200, "application/json", keys.jwks());
                case "GET /clerk.js" -> sendFile(http, "clerk.js", "text/javascript");
                case "GET /provider.css" -> sendFile(http, "provider.css", "text/css");
                case "GET /v1/client" -> sendClient(http);
                case "POST /v1/tokens" -> sendToken(http);
                case "POST /v1/sign-out" -> {
                    signOut(http);
                    send(http, 200, "application/json", "{\"session\":null}");
                }
                case "GET /", "GET /sign-in" -> sendPage(http);
                case "POST /sign-in" -> signIn(http);
                case "POST /sign-out" -> {
                    signOut(http);
                    sendBack(http, parameters(http));
                }
                case "POST /control/rotate" -> {
                    Map<String, String> form = parameters(http);
                    keys.rotate(seconds(form, "keep", 60));
                    sendBack(http, form);
                }
                case "POST /control/down" -> {
                    Map<String, String> form = parameters(http);
                    downUntil = clock.instant().plus(seconds(form, "seconds", 30));
                    sendBack(http, form);
                }
                case "POST /control/up" -> {
                    downUntil = Instant.MIN;
                    sendBack(http, parameters(http));
                }
                case "POST /control/end-logins" -> {
                    logins.endAll();
                    sendBack(http, parameters(http));
                }
                default -> send(http, 404, "text/plain", "Nothing here.");
            }
        }
    }

    private boolean isDown() {
        return clock.instant().isBefore(downUntil);
    }

    private void allowOurApplication(HttpExchange http) {
        if (appOrigin.equals(http.getRequestHeaders().getFirst("Origin"))) {
            http.getResponseHeaders().set("Access-Control-Allow-Origin", appOrigin);
            http.getResponseHeaders().set("Access-Control-Allow-Credentials", "true");
            http.getResponseHeaders().set("Vary", "Origin");
        }
    }

    /** Every browser sends an Origin with a POST, so a page of anybody else cannot press our buttons. */
    private boolean isStranger(HttpExchange http) {
        String origin = http.getRequestHeaders().getFirst("Origin");
        return origin != null && !origin.equals(appOrigin) && !origin.equals(issuer);
    }

    private void sendClient(HttpExchange http) throws IOException {
        Login login = logins.of(cookie(http));
        Map<String, Object> client = new LinkedHashMap<>();
        client.put("session", login == null ? null : session(login));
        send(http, 200, "application/json", Json.text(client));
    }

    private static Map<String, Object> session(Login login) {
        Person person = login.person();
        Map<String, Object> user = Map.of("id", person.subject(), "fullName", person.name());
        return Map.of("id", login.id(), "status", "active", "user", user);
    }

    private void sendToken(HttpExchange http) throws IOException {
        Login login = logins.of(cookie(http));
        if (login == null || !login.id().equals(parameters(http).get("session"))) {
            send(http, 401, "application/json", "{\"errors\":[{\"code\":\"authentication_invalid\"}]}");
            return;
        }
        send(http, 200, "application/json", Json.text(Map.of("jwt", keys.sign(claims(login)))));
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

    private void signIn(HttpExchange http) throws IOException {
        Map<String, String> form = parameters(http);
        for (Person person : Person.ALL) {
            if (person.id().equals(form.get("person"))) {
                logins.end(cookie(http));
                setCookie(http, logins.start(person), "");
                sendBack(http, form);
                return;
            }
        }
        send(http, 400, "text/plain", "Nobody of that name.");
    }

    private void signOut(HttpExchange http) {
        logins.end(cookie(http));
        setCookie(http, "", "; Max-Age=0");
    }

    private static void setCookie(HttpExchange http, String value, String age) {
        http.getResponseHeaders().add("Set-Cookie", COOKIE + "=" + value + "; Path=/; HttpOnly; SameSite=Lax" + age);
    }

    private void sendPage(HttpExchange http) throws IOException {
        ProviderPage page = new ProviderPage(
                logins.of(cookie(http)),
                returnUrl(query(http)),
                appOrigin,
                tokenLife,
                keys.ids(),
                isDown() ? Duration.between(clock.instant(), downUntil) : Duration.ZERO);
        http.getResponseHeaders()
                .set(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self' " + appOrigin
                                + "; base-uri 'none'; frame-ancestors 'none'");
        send(http, 200, "text/html", page.html());
    }

    private void sendBack(HttpExchange http, Map<String, String> form) throws IOException {
        http.getResponseHeaders().set("Location", returnUrl(form));
        send(http, 303, "text/plain", "");
    }

    /** Sends nobody anywhere but to our application or to our own page. */
    private String returnUrl(Map<String, String> parameters) {
        String url = parameters.getOrDefault("redirect_url", "/");
        return url.startsWith(appOrigin + "/") ? url : "/";
    }

    private void sendFile(HttpExchange http, String name, String type) throws IOException {
        try (InputStream file = StandInProvider.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("The resource " + name + " is missing from the launcher.");
            }
            send(http, 200, type, new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static void send(HttpExchange http, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        http.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        http.getResponseHeaders().set("Cache-Control", "no-store");
        http.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        http.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            http.getResponseBody().write(body);
        }
    }

    private static @Nullable String cookie(HttpExchange http) {
        for (String header : http.getRequestHeaders().getOrDefault("Cookie", List.of())) {
            for (String pair : header.split(";", -1)) {
                if (pair.strip().startsWith(COOKIE + "=")) {
                    return pair.strip().substring(COOKIE.length() + 1);
                }
            }
        }
        return null;
    }

    private static Duration seconds(Map<String, String> form, String name, int otherwise) {
        String text = form.getOrDefault(name, "");
        return Duration.ofSeconds(text.matches("\\d{1,4}") ? Integer.parseInt(text) : otherwise);
    }

    private static Map<String, String> query(HttpExchange http) {
        String query = http.getRequestURI().getRawQuery();
        return decode(query == null ? "" : query);
    }

    /** Returns the query and the form together; a form stays small here. */
    private static Map<String, String> parameters(HttpExchange http) throws IOException {
        Map<String, String> all = new HashMap<>(query(http));
        all.putAll(decode(new String(http.getRequestBody().readNBytes(8192), StandardCharsets.UTF_8)));
        return all;
    }

    private static Map<String, String> decode(String pairs) {
        Map<String, String> decoded = new HashMap<>();
        for (String pair : pairs.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                decoded.put(
                        URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return decoded;
    }
}
