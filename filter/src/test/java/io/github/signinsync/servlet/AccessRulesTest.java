// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.AuthChange.Cause;
import io.github.signinsync.SessionIdentity;
import io.github.signinsync.SessionPrincipal;
import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.servlet.AccessRules.Access;
import io.github.signinsync.session.SessionBinding;
import io.github.signinsync.session.SessionDecision;
import io.github.signinsync.testing.RealRequests;
import io.github.signinsync.token.VerifiedToken;
import io.github.signinsync.token.VerifiedTokens;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets in where: path by path, decision by decision. Containers refuse many of the paths with two readings first. */
class AccessRulesTest {

    private static final RealRequests REQUESTS = new RealRequests();

    private static final SessionIdentity ALICE = new SessionIdentity("https://i", "alice", "s1");
    private static final SessionPrincipal USER = new SessionPrincipal("alice", ALICE, Set.of(), Map.of());
    private static final VerifiedToken TOKEN = VerifiedTokens.of(ALICE, Instant.EPOCH, Instant.EPOCH);
    private static final SessionBinding BOUND = new SessionBinding(ALICE, 0, false);

    private static final SessionDecision ANONYMOUS = new SessionDecision.Anonymous();

    /** Every decision, with what becomes of it where a user is needed and elsewhere. */
    private static final Map<SessionDecision, List<Access>> DECISIONS = Map.of(
            ANONYMOUS,
            List.of(Access.SIGN_IN, Access.PASS),
            new SessionDecision.SignedIn(USER, TOKEN),
            List.of(Access.PASS, Access.PASS),
            new SessionDecision.Replaced(USER, TOKEN),
            List.of(Access.PASS, Access.PASS),
            new SessionDecision.Lapsed(BOUND),
            List.of(Access.SIGN_IN, Access.PASS),
            new SessionDecision.Ended(Cause.EXPIRED, BOUND),
            List.of(Access.SIGN_IN, Access.PASS),
            new SessionDecision.Undetermined(false),
            List.of(Access.TRY_LATER, Access.PASS),
            new SessionDecision.Undetermined(true),
            List.of(Access.TRY_LATER, Access.TRY_LATER));

    private final AccessRules rules = new AccessRules(new SigninSyncConfig.Access(
            List.of("/private/*", "/account"), List.of("/private/open/*", "/health"), "/private/sign-in"));

    @AfterAll
    static void stop() {
        REQUESTS.close();
    }

    @Test
    void everyDecisionHasItsAnswer() {
        DECISIONS.forEach((decision, answers) -> {
            assertEquals(answers.get(0), check("/private/x", false, decision), decision::toString);
            assertEquals(answers.get(1), check("/public", false, decision), decision::toString);
            assertEquals(answers.get(1), AccessRules.inner(decision), decision::toString);
        });
        assertEquals(
                Set.copyOf(Arrays.asList(SessionDecision.class.getPermittedSubclasses())),
                DECISIONS.keySet().stream().map(Object::getClass).collect(Collectors.toUnmodifiableSet()));
    }

    @ParameterizedTest
    @CsvSource({
        "/private,            false, SIGN_IN",
        "/private/,           false, SIGN_IN",
        "/private/x/y,        false, SIGN_IN",
        "/privateer,          false, PASS",
        "/Private/x,          false, PASS",
        "/x/private/x,        false, PASS",
        "/account,            false, SIGN_IN",
        "/account/,           false, SIGN_IN",
        "/account//,          false, PASS",
        "/account/x,          false, PASS",
        "/accounts,           false, PASS",
        "/private/open,       false, PASS",
        "/private/open/x,     false, PASS",
        "/private/opened,     false, SIGN_IN",
        "/private/sign-in,    false, PASS",
        "/private/sign-in/,   false, PASS",
        "/private/sign-in/x,  false, SIGN_IN",
        "/public,             true,  SIGN_IN",
        "/health,             true,  SIGN_IN",
        "/private/open/x,     true,  SIGN_IN",
        "/private/sign-in,    true,  SIGN_IN"
    })
    void aPathNeedsAUserByItsOneReadingOrByHavingTwo(String path, boolean ambiguous, Access access) {
        assertEquals(access, check(path, ambiguous, ANONYMOUS));
    }

    @ParameterizedTest
    @CsvSource({
        "/health,          false, true",
        "/health,          true,  false",
        "/health/,         false, false",
        "/private/open,    false, true",
        "/private/open/x,  false, true",
        "/private/open/x,  true,  false",
        "/private/opened,  false, false",
        "/private/sign-in, false, false"
    })
    void aPathIsIgnoredInItsOwnSpellingOnly(String path, boolean ambiguous, boolean ignored) {
        assertEquals(ignored, rules.ignores(new RequestPath(path, ambiguous)));
    }

    @Test
    void anAnswerIsPrivateUnlessNobodyWasThereOrThePathIsIgnored() {
        DECISIONS.keySet().forEach(decision -> {
            assertEquals(
                    !decision.equals(ANONYMOUS),
                    rules.isPrivate(new RequestPath("/public", false), decision),
                    decision::toString);
            assertFalse(rules.isPrivate(new RequestPath("/health", false), decision), decision::toString);
        });
        assertTrue(rules.isPrivate(new RequestPath("/health", true), new SessionDecision.SignedIn(USER, TOKEN)));
    }

    @Test
    void aPathWithTwoReadingsIsOpenWhereNoPathNeedsAUser() {
        AccessRules open = new AccessRules(new SigninSyncConfig.Access(List.of(), List.of(), null));

        assertEquals(
                Access.PASS,
                REQUESTS.ask(request -> open.check(new RequestPath("/x", true), request, ANONYMOUS), "GET"));
    }

    @Test
    void onlyAWholePreflightPassesWithoutAUser() {
        String origin = "Origin: https://other.example";
        String method = "Access-Control-Request-Method: POST";

        assertEquals(Access.PASS, check("OPTIONS", origin, method));
        assertEquals(Access.SIGN_IN, check("OPTIONS", origin));
        assertEquals(Access.SIGN_IN, check("OPTIONS", method));
        assertEquals(Access.SIGN_IN, check("POST", origin, method));
    }

    private Access check(String method, String... headers) {
        return REQUESTS.ask(
                request -> rules.check(new RequestPath("/private/x", false), request, ANONYMOUS), method, headers);
    }

    private Access check(String path, boolean ambiguous, SessionDecision decision) {
        return REQUESTS.ask(request -> rules.check(new RequestPath(path, ambiguous), request, decision), "GET");
    }
}
