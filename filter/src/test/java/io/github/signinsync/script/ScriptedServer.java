// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The server side of the wire protocol, without a filter: it believes every token, records every request, and answers
 * out of the ordinary as often as it is told to. Its clock is moved by the test, together with the browser's.
 */
final class ScriptedServer implements AutoCloseable {

    /** What arrived at the endpoint. */
    record Received(String method, String body, Map<String, List<String>> headers, long atMillis) {
        String subject() throws IOException {
            return claims(body).path("sub").asText();
        }

        long issuedAt() throws IOException {
            return claims(body).path("iat").asLong();
        }
    }

    /** An answer out of the ordinary. */
    record Reply(int status, boolean ours, Map<String, String> headers, String body) {
        static Reply refusal(int status, String code) {
            return new Reply(
                    status, true, Map.of("Content-Type", "application/problem+json"), "{\"code\":\"" + code + "\"}");
        }

        static Reply tryLater(int seconds) {
            return new Reply(429, true, Map.of("Retry-After", Integer.toString(seconds)), "{\"code\":\"busy\"}");
        }

        /** A captive portal, a container's sign-in page, a proxy: whoever it is, it is not the filter. */
        static Reply foreign(int status) {
            return new Reply(status, false, Map.of("Content-Type", "text/html"), "<p>Welcome to the hotel</p>");
        }
    }

    /** The plan for one kind of request: what to answer next, from now on, and whether to hold the answer back. */
    static final class Plan {
        private final LinkedBlockingQueue<Reply> next = new LinkedBlockingQueue<>();
        private volatile @Nullable Reply always;
        private volatile Phaser gate = open();

        void next(Reply... replies) {
            next.addAll(List.of(replies));
        }

        void always(@Nullable Reply reply) {
            always = reply;
        }

        /** Holds answers back until {@link #release}. The request counts as received and processed. */
        void hold() {
            gate = new Phaser(1);
        }

        void release() {
            gate.forceTermination();
        }

        private static Phaser open() {
            Phaser phaser = new Phaser();
            phaser.forceTermination();
            return phaser;
        }
    }

    /** When the clocks of server and browser start. */
    static final long START_MILLIS = 1_800_000_000_000L;

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String MARK = "__Host-signin-mark";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicLong aheadMillis = new AtomicLong();

    final Plan posts = new Plan();
    final Plan deletes = new Plan();
    volatile boolean writesCookies = true;
    volatile boolean secure = true;

    /** Whether the application's own requests meet a filter that takes the cookie for expired, until a fresh one comes. */
    volatile boolean lapsed;

    ScriptedServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** The page of an application with a context path: {@code custom} or {@code clerk}, then options of page.js. */
    String page(String nameAndQuery) {
        return "http://localhost:" + port() + "/app/" + nameAndQuery;
    }

    int port() {
        return server.getAddress().getPort();
    }

    List<Received> received(String method) {
        return received.stream()
                .filter(request -> request.method().equals(method))
                .toList();
    }

    int count(String method) {
        return received(method).size();
    }

    /** What arrived, in order: methods of the endpoint, {@code FORM}, {@code API}. */
    List<String> log() {
        return received.stream().map(Received::method).toList();
    }

    boolean holds() {
        return !posts.gate.isTerminated() || !deletes.gate.isTerminated();
    }

    void advance(long millis) {
        aheadMillis.addAndGet(millis);
    }

    @Override
    public void close() {
        posts.release();
        deletes.release();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            if (path.equals("/app/signin-sync/session")) {
                endpoint(exchange);
            } else if (path.startsWith("/app/signin-sync/")) {
                String source = path.endsWith(".classic.js") ? Script.classic() : Script.module();
                send(exchange, 200, "text/javascript", source.replace('"' + MARK + '"', '"' + markName() + '"'));
            } else if (path.startsWith("/app/sent")) {
                application(exchange, "FORM", 204);
            } else if (path.startsWith("/app/api")) {
                application(exchange, "API", 200);
            } else if (path.endsWith(".js")) {
                String file = path.substring(path.lastIndexOf('/') + 1);
                send(exchange, 200, "text/javascript", new String(Script.testResource(file), UTF_8));
            } else if (path.equals("/favicon.ico")) {
                send(exchange, 204, "image/x-icon", "");
            } else {
                exchange.getResponseHeaders()
                        .set(
                                "Content-Security-Policy",
                                "default-src 'none'; frame-src 'self'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'");
                send(exchange, 200, "text/html", html(path.substring(path.lastIndexOf('/') + 1), exchange));
            }
        }
    }

    /**
     * The application behind the filter. A form is answered without content, so that its page stays; the rest by what
     * arrived. {@code own} in the query is a 401 of its own, {@code moved} a redirect.
     */
    private void application(HttpExchange exchange, String kind, int status) throws IOException {
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        received.add(new Received(kind, body, Map.copyOf(exchange.getRequestHeaders()), nowMillis()));
        if (query.contains("moved")) {
            exchange.getResponseHeaders().set("Location", "/app/api");
            send(exchange, 303, null, "");
        } else if (query.contains("own")) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer error=\"expired\"");
            send(exchange, 401, "text/plain", "own");
        } else if (lapsed && kind.equals("API")) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "SigninSync error=\"expired\"");
            send(exchange, 401, "text/plain", "expired");
        } else {
            send(exchange, status, "text/plain", status == 204 ? "" : exchange.getRequestMethod() + " " + body);
        }
    }

    private static String html(String page, HttpExchange exchange) {
        String query = exchange.getRequestURI().getQuery();
        String provider = page.startsWith("clerk") ? "<script src=fake-clerk.js></script>" : "";
        String starter = page.equals("classic")
                ? "<script src=signin-sync/signin-sync.classic.js data-get-token=fake.getToken "
                        + (query == null ? "" : query.replace('&', ' '))
                        + "></script>"
                : "<script type=module src=page.js></script>";
        if (page.equals("empty")) {
            return "<!doctype html><title>empty</title>";
        }
        String frame = "frame".equals(query) ? "<iframe src=" + page + "></iframe>" : "";
        return "<!doctype html><title>" + page + "</title><script src=fake-provider.js></script>" + provider + starter
                + frame
                + (page.endsWith("forms") ? new String(Script.testResource("forms.html"), UTF_8) : "");
    }

    private void endpoint(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        received.add(new Received(method, body, Map.copyOf(exchange.getRequestHeaders()), nowMillis()));
        Plan plan = method.equals("POST") ? posts : deletes;
        Reply reply = plan.next.poll();
        reply = reply == null ? plan.always : reply;
        plan.gate.awaitAdvance(0);
        if (reply != null) {
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            if (reply.ours()) {
                exchange.getResponseHeaders().set("Signin-Sync", "1");
            }
            send(exchange, reply.status(), null, reply.body());
            return;
        }
        exchange.getResponseHeaders().set("Signin-Sync", "1");
        if (method.equals("POST")) {
            in(exchange, claims(body));
        } else {
            out(exchange);
        }
    }

    private void in(HttpExchange exchange, JsonNode claims) throws IOException {
        long exp = claims.path("exp").asLong();
        String identity = claims.path("iss").asText()
                + "\n"
                + claims.path("sub").asText()
                + "\n"
                + claims.path("sid").asText("");
        lapsed = false;
        cookie(exchange, tokenName(), claims.path("sub").asText(), "; HttpOnly");
        cookie(exchange, markName(), hash(identity) + "." + exp + ".in", "");
        send(
                exchange,
                200,
                "application/json",
                "{\"state\":\"in\",\"changed\":true,\"expires\":" + exp + ",\"now\":" + nowMillis() / 1000 + "}");
    }

    private void out(HttpExchange exchange) throws IOException {
        String cookies = String.join("; ", exchange.getRequestHeaders().getOrDefault("Cookie", List.of()));
        for (String cookie : cookies.split("; ", -1)) {
            if (cookie.startsWith(markName() + "=")) {
                String mark = cookie.substring(cookie.indexOf('=') + 1);
                cookie(exchange, tokenName(), "", "; HttpOnly; Max-Age=0");
                cookie(exchange, markName(), mark.replace(".in", ".out"), "");
            }
        }
        send(exchange, 200, "application/json", "{\"state\":\"out\",\"now\":" + nowMillis() / 1000 + "}");
    }

    private void cookie(HttpExchange exchange, String name, String value, String attributes) {
        if (writesCookies) {
            exchange.getResponseHeaders()
                    .add(
                            "Set-Cookie",
                            name + "=" + value + "; Path=/; SameSite=Lax" + (secure ? "; Secure" : "") + attributes);
        }
    }

    private String markName() {
        return secure ? MARK : "signin-mark";
    }

    private String tokenName() {
        return secure ? "__Host-signin" : "signin";
    }

    private long nowMillis() {
        return START_MILLIS + aheadMillis.get();
    }

    private static JsonNode claims(String token) throws IOException {
        return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
    }

    private static String hash(String identity) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static void send(HttpExchange exchange, int status, @Nullable String type, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        if (type != null) {
            exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        }
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }
}
