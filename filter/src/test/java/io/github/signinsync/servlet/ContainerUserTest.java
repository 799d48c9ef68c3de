// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import static io.github.signinsync.servlet.TestApplication.signedIn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.testing.RawHttp.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A user whom the container knows by itself, beside one who is known by a token. */
class ContainerUserTest {

    private static final String CONTAINERS_ALICE = basic("alice");
    private static final String CONTAINERS_BOB = basic("bob");

    private final TestApplication app = TestApplication.start();

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void isNeverMaskedByOurs() {
        String alice = app.token("alice", Map.of("roles", List.of("admin")));

        assertSees(
                app.get("/container/x", CONTAINERS_BOB, signedIn(alice)),
                "user=bob",
                "remote=bob",
                "auth=BASIC",
                "admin=false");
    }

    @Test
    void seesNoSessionOfOursAndGetsOneForThisRequestOnly() {
        String alice = app.token("alice");
        String session =
                app.get("/public/x?do=work&value=secret", signedIn(alice)).cookieValue("JSESSIONID");

        assertSees(
                app.get("/container/x", CONTAINERS_BOB, signedIn(alice, session)),
                "user=bob",
                "session=none",
                "work=null");
        Answer asked = app.get("/container/x?do=work&value=mine", CONTAINERS_BOB, signedIn(alice, session));

        assertSees(asked, "user=bob", "session=yes", "work=mine");
        assertTrue(asked.setCookie("JSESSIONID").isEmpty());
        assertSees(app.get("/public/x", signedIn(alice, session)), "user=alice", "work=secret");
    }

    /** A container that looks for its user only when asked may itself ask for the session and the user meanwhile. */
    @Test
    void isFoundWhereTheContainerLooksOnlyWhenItIsAsked() {
        String alice = app.token("alice");
        String session =
                app.get("/public/x?do=work&value=secret", signedIn(alice)).cookieValue("JSESSIONID");

        Answer answer = app.get("/public/x?do=session", CONTAINERS_BOB, signedIn(alice, session));

        assertEquals(200, answer.status(), answer::toString);
        assertSees(answer, "user=bob", "auth=BASIC", "work=null");
        assertSees(
                app.get("/public/x?do=session", CONTAINERS_ALICE, signedIn(alice, session)),
                "user=alice",
                "work=secret");
    }

    @Test
    void ofTheSameNameKeepsTheSession() {
        String alice = app.token("alice");
        String session = app.get("/public/x?do=work&value=w", signedIn(alice)).cookieValue("JSESSIONID");

        assertSees(app.get("/container/x", CONTAINERS_ALICE, signedIn(alice, session)), "auth=BASIC", "work=w");
    }

    @Test
    void isSignedOutTogetherWithOurs() {
        assertSees(
                app.get("/container/x?do=logout", CONTAINERS_BOB, signedIn(app.token("alice"))),
                "user=nobody",
                "remote=null",
                "auth=null",
                "admin=false");
        assertSees(app.get("/container/x?do=logout", CONTAINERS_BOB), "user=nobody");
    }

    @Test
    void isAskedForOnlyWhereThereIsNoneOfOurs() {
        String alice = app.token("alice");

        assertSees(app.get("/public/x?do=authenticate", signedIn(alice)), "user=alice");
        for (Answer answer : List.of(
                app.get("/public/x?do=authenticate"),
                app.get("/public/x?do=logout-then-authenticate", signedIn(alice)))) {
            assertEquals(401, answer.status(), answer::toString);
            assertTrue(answer.header("WWW-Authenticate").startsWith("Basic"), answer::toString);
        }
    }

    private static String basic(String user) {
        byte[] credentials = (user + ":secret").getBytes(StandardCharsets.UTF_8);
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    private static void assertSees(Answer answer, String... lines) {
        for (String line : lines) {
            assertTrue(answer.body().contains(line + "\n"), () -> line + " is not in:\n" + answer);
        }
    }
}
