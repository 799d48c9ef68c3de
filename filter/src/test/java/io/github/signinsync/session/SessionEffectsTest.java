// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.AuthChange;
import io.github.signinsync.AuthChange.Cause;
import io.github.signinsync.SessionIdentity;
import io.github.signinsync.SessionPrincipal;
import io.github.signinsync.config.SigninSyncConfig.HttpSessionBinding;
import io.github.signinsync.testing.RealRequests;
import io.github.signinsync.token.VerifiedToken;
import io.github.signinsync.token.VerifiedTokens;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is done to a real session, also to one that changed after the request was decided. */
class SessionEffectsTest {

    private static final RealRequests REQUESTS = new RealRequests();

    private static final SessionIdentity ALICE = new SessionIdentity("https://i", "alice", "s1");
    private static final SessionIdentity ALICE_AGAIN = new SessionIdentity("https://i", "alice", "s2");
    private static final SessionIdentity BOB = new SessionIdentity("https://i", "bob", "s1");
    private static final SessionPrincipal PRINCIPAL = new SessionPrincipal("alice", ALICE, Set.of(), Map.of());

    private final List<AuthChange> changes = new ArrayList<>();

    @AfterAll
    static void stop() {
        REQUESTS.close();
    }

    @Nested
    class ASignIn {

        @Test
        void bindsTheSessionAndFollowsItsNewestToken() {
            inside(request -> {
                SessionEffects effects = effects(HttpSessionBinding.BIND, false);
                request.getSession();

                effects.apply(signIn(ALICE, 100), request);
                assertEquals(bound(ALICE, 100), effects.binding(request));
                effects.apply(signIn(ALICE, 200), request);
                assertEquals(bound(ALICE, 200), effects.binding(request));
                effects.apply(signIn(ALICE, 150), request);
                assertEquals(bound(ALICE, 200), effects.binding(request));
                effects.apply(signIn(ALICE_AGAIN, 150), request);
                assertEquals(bound(ALICE_AGAIN, 150), effects.binding(request));
                assertEquals(List.of(), changes);
            });
        }

        @Test
        void isToldByTheBindingWhereThatIsWhatMakesItKnownAndThenOnce() {
            inside(request -> {
                SessionEffects effects = effects(HttpSessionBinding.BIND, true);
                effects.apply(signIn(ALICE, 100), request);
                assertEquals(List.of(), changes);

                request.getSession();
                effects.apply(signIn(ALICE, 100), request);
                effects.apply(signIn(ALICE_AGAIN, 200), request);
                effects.session(request, PRINCIPAL, token(ALICE_AGAIN, 300), true);

                assertEquals(List.of(new AuthChange.SignedIn(PRINCIPAL)), changes);
            });
        }

        @Test
        void isToldByASessionThatTheApplicationMakes() {
            inside(request -> {
                SessionEffects effects = effects(HttpSessionBinding.BIND, true);

                effects.session(request, PRINCIPAL, token(ALICE, 100), true);
                effects.session(request, PRINCIPAL, token(ALICE, 100), true);

                assertEquals(List.of(new AuthChange.SignedIn(PRINCIPAL)), changes);
            });
        }

        @Test
        void endsASessionThatBecameAnotherUsersMeanwhile() {
            inside(request -> {
                give(request, bound(BOB, 100));

                effects(HttpSessionBinding.BIND, true).apply(signIn(ALICE, 100), request);

                assertNull(request.getSession(false));
                assertEquals(List.of(new AuthChange.SignedOut(BOB, Cause.REPLACED)), changes);
            });
        }

        @Test
        void neverRevivesASessionThatIsEnding() {
            inside(request -> {
                give(request, bound(ALICE, 100).tombstone());

                effects(HttpSessionBinding.BIND, true).apply(signIn(ALICE, 100), request);

                assertNull(request.getSession(false));
                assertEquals(List.of(), changes);
            });
        }

        @Test
        void makesASessionOnlyWhenToldTo() {
            inside(request -> {
                effects(HttpSessionBinding.BIND, false).apply(signIn(ALICE, 100), request);
                assertNull(request.getSession(false));

                SessionEffects creating = effects(HttpSessionBinding.CREATE, false);
                creating.apply(signIn(ALICE, 100), request);
                assertEquals(bound(ALICE, 100), creating.binding(request));
            });
        }
    }

    @Nested
    class TheSessionAUserAsksFor {

        @Test
        void isBoundFromItsBirthAndNotMadeUnlessAskedFor() {
            inside(request -> {
                SessionEffects effects = effects(HttpSessionBinding.BIND, false);
                assertNull(effects.session(request, PRINCIPAL, token(ALICE, 100), false));

                assertNotNull(effects.session(request, PRINCIPAL, token(ALICE, 100), true));

                assertEquals(bound(ALICE, 100), effects.binding(request));
                assertNotNull(effects.held(request, token(ALICE, 100)));
                assertNull(effects.held(request, token(ALICE_AGAIN, 100)));
            });
        }

        @Test
        void isNoneWhereItBecameAnotherUsersMeanwhileAndTheirsGoesOn() {
            inside(request -> {
                SessionEffects effects = effects(HttpSessionBinding.BIND, false);
                give(request, bound(BOB, 100));

                assertNull(effects.session(request, PRINCIPAL, token(ALICE, 100), true));
                assertNull(effects.session(request, PRINCIPAL, token(ALICE, 100), false));

                assertEquals(bound(BOB, 100), effects.binding(request));
                assertEquals(List.of(), changes);
            });
        }

        @Test
        void isAFreshOneWhereTheOldOneIsEnding() {
            inside(request -> {
                SessionEffects effects = effects(HttpSessionBinding.BIND, false);
                HttpSession bobs = give(request, bound(BOB, 100).tombstone());
                bobs.setAttribute("work", "secret");

                HttpSession session = effects.session(request, PRINCIPAL, token(ALICE, 100), true);

                assertNotNull(session);
                assertNull(session.getAttribute("work"));
                assertEquals(bound(ALICE, 100), effects.binding(request));
            });
        }

        @Test
        void isNotTheirsOnceItIsEnding() {
            inside(request -> {
                SessionEffects effects = effects(HttpSessionBinding.BIND, false);
                give(request, bound(ALICE, 100).tombstone());

                assertNull(effects.held(request, token(ALICE, 100)));
                assertNull(effects.session(request, PRINCIPAL, token(ALICE, 100), false));
            });
        }
    }

    @Nested
    class ALapsedSession {

        @Test
        void endsIfItIsWhatWasSeen() {
            inside(request -> {
                give(request, bound(ALICE, 100));

                assertTrue(effects(HttpSessionBinding.BIND, false).endIfUnchanged(request, bound(ALICE, 100)));

                assertNull(request.getSession(false));
                assertEquals(List.of(new AuthChange.SignedOut(ALICE, Cause.EXPIRED)), changes);
            });
        }

        @Test
        void isLeftAloneIfItsUserCameBackMeanwhileOrNothingWasSeen() {
            inside(request -> {
                SessionEffects effects = effects(HttpSessionBinding.BIND, false);
                HttpSession session = give(request, bound(ALICE, 200));

                assertFalse(effects.endIfUnchanged(request, bound(ALICE, 100)));
                assertFalse(effects.endIfUnchanged(request, bound(BOB, 200)));
                assertFalse(effects.endIfUnchanged(request, null));

                assertSame(session, request.getSession(false));
                assertEquals(List.of(), changes);
            });
        }

        @Test
        void isOutOfTheWayOnceSomebodyElseIsEndingItAndThatIsNotToldAgain() {
            inside(request -> {
                give(request, bound(ALICE, 100).tombstone());

                assertTrue(effects(HttpSessionBinding.BIND, false).endIfUnchanged(request, null));

                assertNull(request.getSession(false));
                assertEquals(List.of(), changes);
            });
        }

        @Test
        void isNotInTheWayWhereThereIsNoneOrItIsNobodys() {
            inside(request -> {
                SessionEffects effects = effects(HttpSessionBinding.BIND, false);
                assertTrue(effects.endIfUnchanged(request, bound(ALICE, 100)));

                HttpSession session = request.getSession();
                assertTrue(effects.endIfUnchanged(request, bound(ALICE, 100)));

                assertSame(session, request.getSession(false));
            });
        }
    }

    @Test
    void aSessionThatIsSlowToEndIsNobodysMeanwhileAndToldOnce() {
        inside(request -> {
            SessionEffects effects = effects(HttpSessionBinding.BIND, false);
            give(request, bound(ALICE, 100));
            HttpServletRequest slow = slowToEnd(request);

            effects.end(slow, Cause.SIGNED_OUT);
            effects.end(slow, Cause.EXPIRED);
            effects.apply(signIn(ALICE, 200), slow);

            assertEquals(bound(ALICE, 100).tombstone(), effects.binding(request));
            assertFalse(effects.endIfUnchanged(slow, bound(ALICE, 100)));
            assertNull(effects.session(slow, PRINCIPAL, token(ALICE, 200), true));
            assertEquals(List.of(new AuthChange.SignedOut(ALICE, Cause.SIGNED_OUT)), changes);
        });
    }

    @Test
    void sessionsThatAreIgnoredAreNeitherReadNorTouched() {
        inside(request -> {
            SessionEffects effects = effects(HttpSessionBinding.IGNORE, true);
            HttpSession session = request.getSession();

            effects.apply(signIn(ALICE, 100), request);
            assertSame(session, effects.session(request, PRINCIPAL, token(ALICE, 100), true));
            assertNull(session.getAttribute(SessionBinding.ATTRIBUTE));

            give(request, bound(BOB, 100));
            assertNull(effects.binding(request));
            assertSame(session, effects.session(request, PRINCIPAL, token(ALICE, 100), false));
            assertEquals(List.of(), changes);
        });
    }

    private SessionEffects effects(HttpSessionBinding mode, boolean tellsOnBind) {
        return new SessionEffects(mode, tellsOnBind, List.of(changes::add));
    }

    private static HttpSession give(HttpServletRequest request, SessionBinding binding) {
        HttpSession session = request.getSession();
        session.setAttribute(SessionBinding.ATTRIBUTE, binding);
        return session;
    }

    private static SessionDecision signIn(SessionIdentity identity, long expiresAtSeconds) {
        return new SessionDecision.SignedIn(PRINCIPAL, token(identity, expiresAtSeconds));
    }

    private static VerifiedToken token(SessionIdentity identity, long expiresAtSeconds) {
        return VerifiedTokens.of(identity, Instant.EPOCH, Instant.ofEpochSecond(expiresAtSeconds));
    }

    private static SessionBinding bound(SessionIdentity identity, long expiresAtSeconds) {
        return new SessionBinding(identity, expiresAtSeconds, false);
    }

    private static void inside(Consumer<HttpServletRequest> check) {
        REQUESTS.ask(
                request -> {
                    check.accept(request);
                    return "";
                },
                "GET");
    }

    /** Returns the request with a session that stays for now although it was invalidated. */
    private static HttpServletRequest slowToEnd(HttpServletRequest request) {
        HttpSession session = request.getSession();
        HttpSession slow = (HttpSession) Proxy.newProxyInstance(
                HttpSession.class.getClassLoader(),
                new Class<?>[] {HttpSession.class},
                (proxy, method, arguments) ->
                        method.getName().equals("invalidate") ? null : method.invoke(session, arguments));
        return new HttpServletRequestWrapper(request) {
            @Override
            public HttpSession getSession(boolean create) {
                return slow;
            }
        };
    }
}
