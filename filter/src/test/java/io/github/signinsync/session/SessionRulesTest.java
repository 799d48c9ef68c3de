// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.AuthChange.Cause;
import io.github.signinsync.SessionIdentity;
import io.github.signinsync.SessionPrincipal;
import io.github.signinsync.session.SessionDecision.Ended;
import io.github.signinsync.token.Rejection;
import io.github.signinsync.token.VerifiedToken;
import io.github.signinsync.token.VerifiedTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The decision table, row by row. */
class SessionRulesTest {

    private static final Instant EXPIRY = Instant.parse("2026-11-23T12:00:00Z");
    private static final Duration LEEWAY = Duration.ofSeconds(60);
    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final Instant LAST = EXPIRY.plus(LEEWAY).plus(LIMIT).minusSeconds(1);

    private static final SessionIdentity ALICE = new SessionIdentity("https://i", "alice", "s1");
    private static final SessionIdentity ALICE_AGAIN = new SessionIdentity("https://i", "alice", "s2");
    private static final SessionIdentity ALICE_ELSEWHERE = new SessionIdentity("https://other", "alice", "s1");
    private static final SessionIdentity BOB = new SessionIdentity("https://i", "bob", "s1");

    private final SessionRules rules = new SessionRules(LEEWAY, LIMIT);

    static Stream<Arguments> rows() {
        SessionBinding alices = bound(ALICE);
        return Stream.of(
                Arguments.of(new Credential.None(), null, "Anonymous"),
                Arguments.of(new Credential.Dead(), null, "Anonymous"),
                Arguments.of(expired(ALICE), null, "Anonymous"),
                Arguments.of(bad(), null, "Anonymous"),
                Arguments.of(new Credential.None(), alices, "Lapsed"),
                Arguments.of(new Credential.Dead(), alices, "Lapsed"),
                Arguments.of(expired(ALICE), alices, "Lapsed"),
                Arguments.of(expired(BOB), alices, "Lapsed"),
                Arguments.of(bad(), alices, "Lapsed"),
                Arguments.of(new Credential.None(), alices.tombstone(), "Ended EXPIRED"),
                Arguments.of(good(ALICE), null, "SignedIn alice"),
                Arguments.of(good(ALICE), alices, "SignedIn alice"),
                Arguments.of(good(ALICE_AGAIN), alices, "SignedIn alice"),
                Arguments.of(good(BOB), alices, "Replaced by bob"),
                Arguments.of(good(ALICE_ELSEWHERE), alices, "Replaced by alice"),
                Arguments.of(good(ALICE), alices.tombstone(), "Replaced by alice"),
                Arguments.of(new Credential.Revoked(token(ALICE)), null, "Ended REVOKED"),
                Arguments.of(new Credential.Revoked(token(ALICE)), alices, "Ended REVOKED"),
                Arguments.of(new Credential.Unknowable(), null, "Undetermined"),
                Arguments.of(new Credential.Unknowable(), alices, "Undetermined, bound"),
                Arguments.of(new Credential.Unknowable(), alices.tombstone(), "Undetermined, bound"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void decidesByTheTable(Credential credential, @Nullable SessionBinding binding, String expected) {
        assertEquals(expected, words(rules.decide(credential, binding, EXPIRY)));
    }

    @Test
    void aLapsedSessionIsKeptUpToTheLimitAndNotASecondLonger() {
        assertEquals("Lapsed", words(rules.decide(new Credential.None(), bound(ALICE), LAST)));
        assertEquals("Ended EXPIRED", words(rules.decide(new Credential.None(), bound(ALICE), LAST.plusSeconds(1))));
        assertEquals("Ended EXPIRED", words(rules.decide(new Credential.None(), bound(ALICE), LAST.plusSeconds(2))));
    }

    @Test
    void aLimitOfZeroEndsALapsedSessionAtOnce() {
        SessionRules strict = new SessionRules(LEEWAY, Duration.ZERO);

        assertEquals("Ended EXPIRED", words(strict.decide(new Credential.None(), bound(ALICE), Instant.EPOCH)));
    }

    @Test
    void theSameUserComesBackHoweverLate() {
        assertEquals("SignedIn alice", words(rules.decide(good(ALICE), bound(ALICE), LAST.plus(LIMIT))));
    }

    @Test
    void everyKindOfCredentialIsDecided() {
        Set<Class<?>> inTheTable = rows().map(row -> row.get()[0].getClass()).collect(Collectors.toUnmodifiableSet());

        assertEquals(Set.copyOf(Arrays.asList(Credential.class.getPermittedSubclasses())), inTheTable);
    }

    @Test
    void noDecisionWithoutAUserLeavesABoundSessionInReach() {
        List<String> hiding = List.of("Lapsed", "Ended EXPIRED", "Ended REVOKED", "Undetermined, bound");
        rows().filter(row -> row.get()[1] != null && !(row.get()[0] instanceof Credential.Good))
                .forEach(row -> assertTrue(hiding.contains((String) row.get()[2]), row.toString()));
    }

    private static SessionBinding bound(SessionIdentity identity) {
        return new SessionBinding(identity, EXPIRY.getEpochSecond(), false);
    }

    private static Credential good(SessionIdentity identity) {
        return new Credential.Good(
                token(identity), new SessionPrincipal(identity.subject(), identity, Set.of(), Map.of()));
    }

    private static Credential expired(SessionIdentity identity) {
        return new Credential.Expired(token(identity));
    }

    private static Credential bad() {
        return new Credential.Bad(Rejection.SIGNATURE);
    }

    private static VerifiedToken token(SessionIdentity identity) {
        return VerifiedTokens.of(identity, EXPIRY.minusSeconds(60), EXPIRY);
    }

    private static String words(SessionDecision decision) {
        if (decision instanceof SessionDecision.Anonymous) {
            return "Anonymous";
        }
        if (decision instanceof SessionDecision.SignedIn signedIn) {
            return "SignedIn " + signedIn.principal().getName();
        }
        if (decision instanceof SessionDecision.Replaced replaced) {
            return "Replaced by " + replaced.principal().getName();
        }
        if (decision instanceof SessionDecision.Lapsed) {
            return "Lapsed";
        }
        if (decision instanceof Ended ended) {
            return "Ended " + (ended.cause() == Cause.EXPIRED ? "EXPIRED" : "REVOKED");
        }
        return ((SessionDecision.Undetermined) decision).bound() ? "Undetermined, bound" : "Undetermined";
    }
}
