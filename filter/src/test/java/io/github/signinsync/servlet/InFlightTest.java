// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import static io.github.signinsync.servlet.TestApplication.COOKIE;
import static io.github.signinsync.servlet.TestApplication.cookies;
import static io.github.signinsync.servlet.TestApplication.signedIn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;

import io.github.signinsync.Revocations;
import io.github.signinsync.testing.RawHttp.Answer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that are inside the application while their browser signs in or out. */
class InFlightTest {

    private TestApplication app;

    @BeforeEach
    void start() {
        app = TestApplication.start(settings -> settings.ignoredPaths("/static/*"));
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/public/x, hold",
        "/public/x, hold-then-session",
        "/public/x, hold-then-async",
        "/static/x, hold",
        "/static/x, hold-then-session",
        "/static/x, hold-then-async"
    })
    void anonymousOneNeverSeesWhatItsSessionBecame(String path, String action)
            throws InterruptedException, ExecutionException {
        String planted = app.get("/public/x?do=work&value=cart").cookieValue("JSESSIONID");
        CompletableFuture<Answer> held =
                CompletableFuture.supplyAsync(() -> app.get(path + "?do=" + action, cookies("JSESSIONID", planted)));
        EchoServlet.HELD.acquire();
        String alice = app.token("alice");
        String renewed = app.post(alice, cookies("JSESSIONID", planted)).cookieValue("JSESSIONID");
        app.get("/private/x?do=work&value=secret", signedIn(alice, renewed));
        EchoServlet.RELEASED.release();

        assertFalse(held.get().body().contains("secret"), held.get()::toString);
        assertTrue(app.get("/private/x", signedIn(alice, renewed)).body().contains("work=secret"));
    }

    @Test
    void oneOfALoginThatEndsMeanwhileGetsNoNewSessionForIt() throws InterruptedException, ExecutionException {
        String alice = app.token("alice");
        String session = app.get("/x?do=work&value=w", signedIn(alice)).cookieValue("JSESSIONID");
        CompletableFuture<Answer> held =
                CompletableFuture.supplyAsync(() -> app.get("/x?do=hold-then-session", signedIn(alice, session)));
        EchoServlet.HELD.acquire();
        app.delete(signedIn(alice, session));
        EchoServlet.RELEASED.release();

        String late = held.get().cookieValue("JSESSIONID");
        app.get("/x?do=session", cookies("JSESSIONID", late));

        assertEquals(1, app.changes.size(), app.changes::toString);
    }

    @Test
    void oneWhoseRevocationsFailMeanwhileGetsASessionThatIsItsUsers() throws InterruptedException, ExecutionException {
        AtomicBoolean down = new AtomicBoolean();
        app.close();
        app = TestApplication.start(1, settings -> {}, null, mock(Revocations.class, call -> {
            if (down.get()) {
                throw new IllegalStateException("store");
            }
            return false;
        }));
        String alice = app.token("alice");
        CompletableFuture<Answer> held =
                CompletableFuture.supplyAsync(() -> app.get("/x?do=hold-then-session", signedIn(alice)));
        EchoServlet.HELD.acquire();
        down.set(true);
        EchoServlet.RELEASED.release();
        String session = held.get().cookieValue("JSESSIONID");
        down.set(false);

        assertTrue(app.get("/x", cookies("JSESSIONID", session)).body().contains("session=none"));
        assertTrue(app.get("/x", signedIn(alice, session)).body().contains("session=yes"));
    }

    @Test
    void postThatIsAnsweredAfterASignOutIsDeadHoweverOldTheCookieWas() {
        String old = app.token("alice");
        app.post(old);
        app.clock.move(Duration.ofSeconds(121));
        Answer late = app.post(app.token("alice"), signedIn(old));

        app.delete(signedIn(old));

        assertEquals(
                401, app.get("/private/me", signedIn(late.cookieValue(COOKIE))).status());
    }

    @Test
    void postThatIsAnsweredAfterASignOutIsDeadWhereOnlyTheSessionIsLeft() {
        String session =
                app.get("/x?do=work&value=w", signedIn(app.token("alice"))).cookieValue("JSESSIONID");
        app.clock.move(Duration.ofSeconds(121));
        Answer late = app.post(app.token("alice"), cookies("JSESSIONID", session));

        app.delete(cookies("JSESSIONID", session));

        assertEquals(
                401, app.get("/private/me", signedIn(late.cookieValue(COOKIE))).status());
    }
}
