// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.idp;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request to the provider and its answer; every answer is stored by nobody. */
final class Exchange implements AutoCloseable {

    private static final String COOKIE = "standin";
    private static final int MAX_FORM_BYTES = 8192;

    private final HttpExchange http;
    private final Map<String, String> parameters = new HashMap<>();

    Exchange(HttpExchange http) throws IOException {
        this.http = http;
        String query = http.getRequestURI().getRawQuery();
        addParameters(query == null ? "" : query);
        addParameters(new String(http.getRequestBody().readNBytes(MAX_FORM_BYTES), StandardCharsets.UTF_8));
    }

    private void addParameters(String pairs) {
        for (String pair : pairs.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    String method() {
        return http.getRequestMethod();
    }

    String path() {
        return http.getRequestURI().getPath();
    }

    @Nullable
    String origin() {
        return http.getRequestHeaders().getFirst("Origin");
    }

    /** Returns a value from the query or the form; empty if there is none. */
    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    Duration seconds(String name, int otherwise) {
        String text = parameter(name);
        return Duration.ofSeconds(text.matches("\\d{1,4}") ? Integer.parseInt(text) : otherwise);
    }

    @Nullable
    String cookie() {
        for (String header : http.getRequestHeaders().getOrDefault("Cookie", List.of())) {
            for (String pair : header.split(";", -1)) {
                if (pair.strip().startsWith(COOKIE + "=")) {
                    return pair.strip().substring(COOKIE.length() + 1);
                }
            }
        }
        return null;
    }

    void setCookie(String value) {
        setHeader("Set-Cookie", COOKIE + "=" + value + "; Path=/; HttpOnly; SameSite=Lax");
    }

    void clearCookie() {
        setHeader("Set-Cookie", COOKIE + "=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    }

    void setHeader(String name, String value) {
        http.getResponseHeaders().set(name, value);
    }

    void redirect(String url) throws IOException {
        setHeader("Location", url);
        send(303, "text/plain", "");
    }

    void sendFile(String name, String type) throws IOException {
        try (InputStream file = Exchange.class.getResourceAsStream(name)) {
            if (file == null) {
                throw new IllegalStateException("The resource " + name + " is missing from the launcher.");
            }
            send(200, type, new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    void send(int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        setHeader("Content-Type", type + "; charset=utf-8");
        setHeader("Cache-Control", "no-store");
        setHeader("X-Content-Type-Options", "nosniff");
        http.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            http.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
