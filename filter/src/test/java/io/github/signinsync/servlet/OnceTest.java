// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import static io.github.signinsync.servlet.TestApplication.cookies;
import static io.github.signinsync.servlet.TestApplication.signedIn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.AuthChange;
import io.github.signinsync.testing.RawHttp.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many requests of one browser at once: each change happens once, and nobody sees what is not theirs. */
class OnceTest {

    private static final int REQUESTS = 24;

    private final TestApplication app = TestApplication.start();
    private final ExecutorService browsers = Executors.newFixedThreadPool(REQUESTS);

    @AfterEach
    void stop() {
        browsers.shutdownNow();
        app.close();
    }

    @Test
    void aLapsedSessionEndsOnceHoweverManyAskForOne() throws Exception {
        String session =
                app.get("/x?do=work&value=secret", signedIn(app.token("alice"))).cookieValue("JSESSIONID");

        List<Answer> answers = atOnce(() -> app.get("/x?do=session", cookies("JSESSIONID", session)));

        answers.forEach(answer -> assertFalse(answer.body().contains("secret"), answer::toString));
        assertEquals(1, app.changes.size());
    }

    @Test
    void anotherUsersRequestsNeverSeeTheSessionWhileItIsBeingReplaced() throws Exception {
        for (int round = 0; round < 5; round++) {
            String session = app.get("/x?do=work&value=secret", signedIn(app.token("alice")))
                    .cookieValue("JSESSIONID");
            app.changes.clear();
            String bob = app.token("bob");

            List<Answer> answers = atOnce(() -> app.get("/x?do=session", signedIn(bob, session)));

            for (Answer answer : answers) {
                assertTrue(answer.body().contains("user=bob"), answer::toString);
                assertFalse(answer.body().contains("secret"), answer::toString);
            }
            assertEquals(
                    1,
                    app.changes.stream()
                            .filter(AuthChange.SignedOut.class::isInstance)
                            .count());
        }
    }

    @Test
    void aSignOutSentTwiceIsToldOnce() throws Exception {
        String alice = app.token("alice");
        String session = app.get("/x?do=work&value=secret", signedIn(alice)).cookieValue("JSESSIONID");

        List<Answer> answers = atOnce(() -> app.delete(signedIn(alice, session)));

        answers.forEach(answer -> assertEquals(200, answer.status()));
        assertEquals(1, app.changes.size(), () -> app.changes.toString());
    }

    @Test
    void anAnonymousSessionGetsOneNewIdWhenItsBrowserSignsIn() throws Exception {
        String session = app.get("/x?do=work&value=cart").cookieValue("JSESSIONID");
        String alice = app.token("alice");

        List<Answer> answers = atOnce(() -> app.get("/x", signedIn(alice, session)));

        long renewed = answers.stream()
                .filter(answer -> answer.setCookie("JSESSIONID").isPresent())
                .count();
        assertEquals(1, renewed);
        Answer first = answers.stream()
                .filter(answer -> answer.setCookie("JSESSIONID").isPresent())
                .findFirst()
                .orElseThrow();
        assertTrue(app.get("/x", signedIn(alice, first.cookieValue("JSESSIONID")))
                .body()
                .contains("work=cart"));
    }

    private List<Answer> atOnce(Callable<Answer> request) throws InterruptedException, ExecutionException {
        CountDownLatch ready = new CountDownLatch(REQUESTS);
        List<Future<Answer>> futures = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            futures.add(browsers.submit(() -> {
                ready.countDown();
                ready.await();
                return request.call();
            }));
        }
        List<Answer> answers = new ArrayList<>();
        for (Future<Answer> future : futures) {
            answers.add(future.get());
        }
        return answers;
    }
}
