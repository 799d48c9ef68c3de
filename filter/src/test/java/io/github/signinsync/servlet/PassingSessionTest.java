// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.testing.RealRequests;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The session of one request keeps the promises of any other. */
class PassingSessionTest {

    private static final RealRequests REQUESTS = new RealRequests();

    @AfterAll
    static void stop() {
        REQUESTS.close();
    }

    @Test
    void isMadeOnceForARequestWhateverWrapsIt() {
        inside(request -> {
            assertNull(PassingSession.present(request));

            HttpSession session = PassingSession.of(request);

            assertSame(session, PassingSession.of(new HttpServletRequestWrapper(request)));
            assertSame(session, PassingSession.present(request));
        });
    }

    @Test
    void isAnotherOneInEveryRequest() {
        String first = REQUESTS.ask(request -> PassingSession.of(request).getId(), "GET");

        inside(request -> {
            assertNull(PassingSession.present(request));
            assertNotEquals(first, PassingSession.of(request).getId());
        });
    }

    @Test
    void keepsWhatIsPutIntoIt() {
        inside(request -> {
            HttpSession session = PassingSession.of(request);
            session.setAttribute("cart", "full");
            session.setAttribute("gone", "x");
            session.removeAttribute("gone");
            session.setAttribute("null", "x");
            session.setAttribute("null", null);

            assertEquals("full", session.getAttribute("cart"));
            assertNull(session.getAttribute("gone"));
            assertEquals(List.of("cart"), Collections.list(session.getAttributeNames()));
        });
    }

    @Test
    void isNewAndOfThisApplicationAndEndsWhenItIsToldTo() {
        inside(request -> {
            HttpSession session = PassingSession.of(request);
            session.setMaxInactiveInterval(7);

            assertTrue(session.isNew());
            assertSame(request.getServletContext(), session.getServletContext());
            assertEquals(7, session.getMaxInactiveInterval());
        });
    }

    @Test
    void onceInvalidatedRefusesEverythingAndMakesRoomForAnother() {
        inside(request -> {
            HttpSession session = PassingSession.of(request);
            session.setAttribute("cart", "full");
            session.invalidate();

            for (Executable use : List.<Executable>of(
                    session::invalidate,
                    session::isNew,
                    session::getCreationTime,
                    session::getLastAccessedTime,
                    session::getAttributeNames,
                    () -> session.getAttribute("cart"),
                    () -> session.setAttribute("cart", "x"),
                    () -> session.removeAttribute("cart"))) {
                assertThrows(IllegalStateException.class, use);
            }
            assertNull(PassingSession.present(request));
            HttpSession next = PassingSession.of(request);
            assertNotSame(session, next);
            assertNull(next.getAttribute("cart"));
        });
    }

    private static void inside(Consumer<HttpServletRequest> check) {
        REQUESTS.ask(
                request -> {
                    check.accept(request);
                    return "";
                },
                "GET");
    }
}
