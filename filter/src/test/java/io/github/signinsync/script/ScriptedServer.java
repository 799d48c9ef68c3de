// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.servlet.FilterUnderTest;
import io.github.signinsync.testing.MovableClock;
import io.github.signinsync.testing.TestIssuer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A small application behind the real filter in a real container, and before the filter one that answers out of the
 * ordinary as often as it is told to. Everything that arrives is recorded. Its clock is moved by the test, together with
 * the browser's.
 */
final class ScriptedServer implements AutoCloseable {

    /** What arrived, and with which cookies: a method of the endpoint, {@code FORM} or {@code API}. */
    record Received(
            String method, String body, Map<String, List<String>> headers, Map<String, String> cookies, long atMillis) {
        String subject() throws IOException {
            return claims(body).path("sub").asText();
        }

        long issuedAt() throws IOException {
            return claims(body).path("iat").asLong();
        }

        long expiresAt() throws IOException {
            return claims(body).path("exp").asLong();
        }
    }

    /**
     * What the application saw of a request for one of its pages.
     *
     * @param user the principal's name, empty for nobody
     * @param session whom the session was shown to before, empty for nobody or a new one
     */
    record Visit(String page, String user, String session) {}

    /** An answer out of the ordinary. */
    record Reply(int status, boolean ours, Map<String, String> headers, String body) {

        static Reply refusal(int status, String code) {
            return new Reply(
                    status, true, Map.of("Content-Type", "application/problem+json"), "{\"code\":\"" + code + "\"}");
        }

        static Reply tryLater(int seconds) {
            return new Reply(429, true, Map.of("Retry-After", Integer.toString(seconds)), "{\"code\":\"busy\"}");
        }

        /** The filter's own words for a request that the application did not see, because its login has expired. */
        static Reply expired() {
            return new Reply(401, false, Map.of("WWW-Authenticate", "SigninSync error=\"expired\""), "expired");
        }

        /** A captive portal, a container's sign-in page, a proxy: whoever it is, it is not the filter. */
        static Reply foreign(int status) {
            return new Reply(status, false, Map.of("Content-Type", "text/html"), "<p>Welcome to the hotel</p>");
        }

        /** What the filter answers, but the connection breaks half-way. */
        static Reply cutOff() {
            return new Reply(0, true, Map.of(), "");
        }

        boolean isCutOff() {
            return status == 0;
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

        /** Holds answers back until {@link #release}. The request counts as received, and the filter has processed it. */
        void hold() {
            gate = new Phaser(1);
        }

        void release() {
            gate.forceTermination();
        }

        /** Takes what to answer, null for whatever the filter does. */
        @Nullable
        Reply take() {
            Reply reply = next.poll();
            return reply == null ? always : reply;
        }

        void awaitRelease() {
            gate.awaitAdvance(0);
        }

        private static Phaser open() {
            Phaser phaser = new Phaser();
            phaser.forceTermination();
            return phaser;
        }
    }

    /** When the clocks of server and browser start. */
    static final long START_MILLIS = 1_800_000_000_000L;

    static final TestIssuer ISSUER = TestIssuer.create("https://issuer.test");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final MovableClock movable = new MovableClock(Instant.ofEpochMilli(START_MILLIS));
    private final FaultInjector faults;
    private final List<Visit> visits = new CopyOnWriteArrayList<>();
    private final Container.Running container;

    final Plan posts;
    final Plan deletes;

    /** Starts one whose time stands still until {@link #advance}. */
    ScriptedServer(Container container) {
        this(container, null, settings -> {});
    }

    /**
     * Starts one with other settings than the defaults.
     *
     * @param realTime the machine's clock, or null for one that stands still
     */
    ScriptedServer(Container container, @Nullable Clock realTime, Consumer<SigninSyncConfig.Builder> settings) {
        Clock clock = realTime == null ? movable : realTime;
        faults = new FaultInjector(clock);
        posts = faults.posts;
        deletes = faults.deletes;
        SigninSyncConfig.Builder builder =
                SigninSyncConfig.builder().issuer(ISSUER.issuer()).authorizedParties(ScenarioPages.AUTHORIZED_PARTY);
        settings.accept(builder);
        this.container = container.start(
                List.of(faults, FilterUnderTest.of(builder.build(), clock, ISSUER)),
                new ScenarioPages(ISSUER, visits::add));
    }

    /** The page of an application with a context path: {@code custom} or {@code clerk}, then options of page.js. */
    String page(String nameAndQuery) {
        return "http://localhost:" + container.port() + Container.CONTEXT_PATH + "/" + nameAndQuery;
    }

    List<Received> received(String method) {
        return faults.received.stream()
                .filter(request -> request.method().equals(method))
                .toList();
    }

    int count(String method) {
        return received(method).size();
    }

    /** What arrived, in order. */
    List<String> log() {
        return faults.received.stream().map(Received::method).toList();
    }

    List<Visit> visits() {
        return List.copyOf(visits);
    }

    /** Whom the application saw last; empty for nobody. */
    String lastUser() {
        return visits.isEmpty() ? "" : visits.get(visits.size() - 1).user();
    }

    boolean holds() {
        return !posts.gate.isTerminated() || !deletes.gate.isTerminated();
    }

    void advance(long millis) {
        movable.move(Duration.ofMillis(millis));
    }

    /** Whether answers may set cookies. */
    void writesCookies(boolean writes) {
        faults.writesCookies = writes;
    }

    /** The application's own requests are answered as those of an expired login, until somebody signs in. */
    void lapse() {
        faults.lapsed = true;
    }

    /** When its cookies end. */
    CookieEnds cookieEnds() {
        return faults.cookieEnds;
    }

    /** Reads a token without verifying it. */
    static JsonNode claims(String token) throws IOException {
        return JSON.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
    }

    @Override
    public void close() {
        posts.release();
        deletes.release();
        container.close();
    }
}
