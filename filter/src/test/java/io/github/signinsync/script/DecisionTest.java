// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The pure part of the script, row by row and without a browser. A row is a story: events, separated by commas, and what
 * the last of them comes to. Users are A and B, A2 is A in another session; numbers are seconds; the present is 1,000,000.
 */
class DecisionTest {

    @AutoClose
    private static Context context;

    private static Value script;

    @BeforeAll
    static void loadModule(@TempDir Path folder) throws IOException {
        Script.layOut(folder, "decisions.js");
        context = Context.newBuilder("js")
                .allowIO(IOAccess.ALL)
                .allowExperimentalOptions(true)
                .option("js.esm-eval-returns-exports", "true")
                .option("engine.WarnInterpreterOnly", "false")
                .build();
        script = context.eval(
                Source.newBuilder("js", folder.resolve("decisions.js").toFile())
                        .mimeType("application/javascript+module")
                        .build());
    }

    private static String outcome(String story) {
        return script.invokeMember("outcome", story).asString();
    }

    private static double secondsToWait(String story) {
        return script.invokeMember("wait", story).asDouble();
    }

    @Nested
    class Asking {

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            start                                                                   | asking, ask fresh
            mark A in 50, start                                                     | asking, ask
            mark A out 50, start                                                    | asking, ask fresh
            start, not-ready                                                        | unknown
            mark A in 50, start, not-ready                                          | unknown
            start, not-ready, provider in s1                                        | asking, ask fresh
            mark A in 50, start, not-ready, provider in s1                          | asking, ask
            start, nobody certain                                                   | out, abort
            start, token A 60                                                       | sending, post A
            """)
        void startsWithOneTokenCallAndNoMore(String story, String expected) {
            assertEquals(expected, outcome(story));
        }

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            mark A in 50, start, token A 50                                         | in
            mark A in 50, start, token A 49                                         | in
            mark A in 50, start, token A 59                                         | in
            mark A in 16, start, token A 60                                         | in
            mark A in 15, start, token A 60                                         | sending, post A
            mark A in 14, start, token A 60                                         | sending, post A
            mark A in 14, start, token A 14                                         | asking, ask fresh
            mark A in 14, start, token A 14, token A 14                             | in
            mark A in 14, start, token A 14, token A 60                             | sending, post A
            mark A in 50, start, demand fresh, token A 50                           | asking, ask fresh
            mark A in 50, start, unhashed A 50                                      | sending, post A
            start, token A -1                                                       | sending, post A
            mark A in -5, start, token A -1                                         | asking, ask fresh
            """)
        void postsOnlyALaterTokenThatIsNeeded(String story, String expected) {
            assertEquals(expected, outcome(story));
        }

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            mark A out 50, start, token A 50                                        | out
            mark A out 50, start, token A 49                                        | out
            mark A out 50, start, token A 51                                        | sending, post A
            mark A out 50, start, token A2 50                                       | sending, post A2
            mark A out 50, start, token B 40                                        | sending, post B
            """)
        void anOldTokenDoesNotUndoASignOut(String story, String expected) {
            assertEquals(expected, outcome(story));
        }

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            mark A in 50, start, token B 60                                         | sending, post B
            mark A in 50, start, token A 50, mark B in 55, peer                     | in, in to in
            mark A in 50, start, token A 50, mark B in 55, peer, after 50, due, token A 110  | in
            mark A in 50, start, token A 50, mark B in 55, peer, after 5, wake, token A 65   | sending, post A
            """)
        void ofTwoUsersInTwoTabsTheOneThatIsLookedAtCounts(String story, String expected) {
            assertEquals(expected, outcome(story));
        }
    }

    @Nested
    class Clearing {

        /** Each sign-out stands beside the near miss that must clear nothing. */
        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            mark A in 50, start, nobody certain                                     | sending, abort, delete
            mark A in 50, start, not-ready                                          | unknown
            mark A in 50, start, provider unknown                                   | asking
            mark A in 50, start, nobody perhaps                                     | backing-off
            mark A in 50, start, nobody perhaps, after 0.9, due, nobody perhaps     | backing-off
            mark A in 50, start, nobody perhaps, after 1, due, nobody perhaps       | sending, abort, delete
            mark A in 50, start, nobody perhaps, after 1, due, token A 50           | in
            mark A in 50, start, nobody perhaps, after 1, due, failed transient, after 1, due, nobody perhaps | backing-off
            mark A in 50, start, failed definitive                                  | backing-off
            mark A in 50, start, failed definitive, after 1, due                    | asking, ask fresh
            mark A in 50, start, failed definitive, after 1, due, failed definitive | sending, abort, delete
            mark A in 50, start, failed definitive, after 1, due, failed transient  | backing-off
            mark A in 50, start, failed definitive, after 1, due, nobody perhaps    | backing-off
            mark A in 50, start, failed transient                                   | backing-off
            mark A in 50, start, failed transient, after 5, due, failed transient   | backing-off
            mark A in 5, start, token A 60, answer 401                              | asking, ask fresh
            mark A in 5, start, token A 60, answer 401, token A 61, answer 401      | refused, complain
            mark A in 5, start, token A 60, answer 503                              | backing-off
            mark A in 5, start, token A 60, foreign 401                             | backing-off
            mark A in 50, start, token A 50, mark none, due, failed transient       | backing-off
            """)
        void needsCertainty(String story, String expected) {
            assertEquals(expected, outcome(story));
        }

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            start, nobody perhaps                                                   | out, abort
            start, failed definitive, after 1, due, failed definitive               | refused, abort
            mark A out 50, start, nobody certain                                    | out, abort
            """)
        void sendsNothingWhenThereIsNothingToEnd(String story, String expected) {
            assertEquals(expected, outcome(story));
        }

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            start, token A 60, provider out                                         | sending, abort, delete
            start, token A 60, provider out, answer 200                             | out, tell cleared
            start, token A 60, provider out, foreign 0                              | backing-off
            start, token A 60, provider out, foreign 0, after 1, due, nobody certain | sending, abort, delete
            mark A in 50, start, provider out, outdated A 60                        | sending
            mark A in 50, start, provider out, provider in s2, mark A out 50, answer 200 | asking, tell cleared, in to out, ask fresh
            mark A in 50, start, provider out, sign-out                             | sending
            """)
        void endsWhatWasOnItsWay(String story, String expected) {
            assertEquals(expected, outcome(story));
        }

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            mark A in 50, start, token B 60, foreign 0, after 4.9, due              | asking, ask
            mark A in 50, start, token B 60, foreign 0, after 5, due                | sending, delete
            mark A in 50, start, token B 60, foreign 0, after 5, due, mark A out 50, answer 200 | asking, tell cleared, in to out, ask
            mark A in 20, start, token A 60, foreign 0, after 5, due                | asking, ask
            mark A in 50, start, token B 60, mark B in 60, answer 200               | in, tell synced, in to in
            """)
        void aCookieOfTheUserBeforeIsGoneFiveSecondsAfterAChangeOfUser(String story, String expected) {
            assertEquals(expected, outcome(story));
        }
    }

    @Nested
    class Answers {

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            start, token A 60, mark A in 60, answer 200                             | in, tell synced, out to in
            start, unhashed A 60, mark A in 60, answer 200                          | in, tell synced, out to in
            start, token A 60, mark A in 50, unchanged                              | in, tell synced, out to in
            start, token A 60, answer 200                                           | blocked, complain, blocked
            mark A in 5, start, token A 60, answer 200                              | blocked, complain, blocked
            mark A out 5, start, token A 60, answer 200                             | blocked, complain, blocked
            start, token A 60, mark B in 70, answer 200                             | in, out to in
            mark A in 5, start, token A 60, mark A out 60, answer 200               | out, in to out
            start, token A 60, foreign 200                                          | backing-off
            start, token A 60, foreign 0                                            | backing-off
            """)
        void onlyTheMarkSaysThatItWorked(String story, String expected) {
            assertEquals(expected, outcome(story));
        }

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            start, token A 60, answer 400                                           | asking, ask fresh
            start, token A 60, answer 401                                           | asking, ask fresh
            start, token A 60, answer 401, token A 60                               | refused
            start, token A 60, answer 401, token A 61, answer 401                   | refused, complain
            start, opaque                                                           | asking, ask fresh
            start, opaque, opaque                                                   | refused, complain
            start, token A 60, answer 403                                           | blocked, complain, blocked
            start, token A 60, answer 404                                           | blocked, complain, blocked
            start, token A 60, answer 405                                           | blocked, complain, blocked
            start, token A 60, answer 413                                           | blocked, complain, blocked
            start, token A 60, answer 415                                           | blocked, complain, blocked
            start, token A 60, answer 429                                           | backing-off
            start, token A 60, answer 500                                           | backing-off
            start, token A 60, foreign 401                                          | backing-off
            start, token A 60, foreign 403                                          | backing-off
            start, token A 60, foreign 404                                          | backing-off
            start, token A 60, foreign 413                                          | backing-off
            start, token A 60, foreign 404, due, token A 60, foreign 404, due, token A 60, foreign 404, due, token A 60, foreign 404, due, token A 60 | sending, post A
            start, token A 60, foreign 404, due, token A 60, foreign 404, due, token A 60, foreign 404, due, token A 60, foreign 404, due, token A 60, foreign 404 | backing-off, complain, degraded
            start, token A 60, answer 401, token A 61, answer 401, after 60, due, token A 120, mark A in 120, answer 200 | in, tell synced, out to in
            """)
        void refusalsAreToldFromTroubleOnTheWay(String story, String expected) {
            assertEquals(expected, outcome(story));
        }

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            start, token A 60, answer 403, wake                                     | blocked
            start, token A 60, answer 403, provider in s1                           | blocked
            start, token A 60, answer 403, after 300, due                           | asking, ask fresh
            start, token A 60, answer 403, after 300, due, token A 60, answer 403   | blocked
            start, token A 60, answer 403, after 300, due, token A 60, answer 404   | blocked, complain, blocked
            start, token A 60, answer 403, demand                                   | asking, ask
            start, token A 60, answer 403, stop, demand                             | stopped
            start, stop, token A 60                                                 | stopped
            """)
        void whatCannotWorkIsLookedAtNowAndThenAndWhatWasStoppedIsNot(String story, String expected) {
            assertEquals(expected, outcome(story));
        }
    }

    @Nested
    class SigningOut {

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            mark A in 50, start, token A 50, sign-out                               | sending, abort, delete
            start, nobody certain, sign-out                                         | sending, abort, delete
            mark A in 50, start, token A 50, sign-out, mark A out 50, answer 200    | out, tell cleared
            mark A in 50, start, token A 50, sign-out, mark A out 50, answer 200, left | out, in to out
            mark A in 50, start, token A 50, sign-out, mark A out 50, answer 200, wake | out
            mark A in 50, start, token A 50, sign-out, mark A out 50, answer 200, provider in s1 | out
            mark A in 50, start, token A 50, sign-out, mark A out 50, answer 200, left, after 9, wake | out
            mark A in 50, start, token A 50, sign-out, mark A out 50, answer 200, left, provider in s2 | asking, ask fresh
            mark A in 50, start, token A 50, sign-out, mark A out 50, answer 200, left, demand | asking, ask
            mark A in 50, start, token A 50, sign-out, mark A out 50, answer 200, demand fresh | out
            mark A in 50, start, token A 50, sign-out, mark A out 50, demand fresh, answer 200 | out, tell cleared
            mark A in 50, start, token A 50, sign-out, foreign 0, after 9, due      | sending, delete
            """)
        void holdsUntilTheProviderSaysOtherwise(String story, String expected) {
            assertEquals(expected, outcome(story));
        }

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            mark A in 50, start, token A 50, mark A out 50, peer                    | out, abort, in to out
            mark A in 50, start, token A 50, mark A out 50, peer, after 9, wake     | out
            mark A in 50, start, token A 50, mark A out 50, peer, provider in s1    | asking, ask fresh
            mark A in 50, start, token A 50, mark A out 50, peer, mark A in 90, peer | in, out to in
            mark A in 50, start, token A 50, mark A in 90, peer                     | in
            mark A in 50, start, token A 50, mark A out 50, peer, pagehide, mark A in 60, restored, token A 60, after 55, due | asking, ask
            mark A in 50, start, token A 50, sign-out, mark A out 50, answer 200, pagehide, restored, token A 60, left, mark A in 60, answer 200, after 55, due | asking, ask
            mark A in 5, start, token A 60, mark A in 60, answer 200, after 50, due, mark A out 60, peer | out, abort, in to out
            start, nobody certain, provider in s1, mark A out 50, peer              | asking
            start, nobody certain, provider in s1, token B 60, mark A out 50, peer  | sending
            """)
        void inAnotherTabCountsHere(String story, String expected) {
            assertEquals(expected, outcome(story));
        }
    }

    @Nested
    class Waking {

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            mark A in 50, start, token A 50, wake                                   | in
            mark A in 50, start, token A 50, after 1, wake                          | asking, ask
            mark A in 50, start, token A 50, after 1, mark none, wake               | asking, ask fresh
            start, failed transient, after 1, wake                                  | asking, ask fresh
            start, token A 60, answer 503 7, after 6, wake                          | backing-off
            start, token A 60, answer 503 7, after 8, wake                          | asking, ask fresh
            mark A in 50, start, token A 50, after 40, hidden, due                  | in
            mark A in 50, start, token A 50, after 40, hidden, due, visible, wake   | asking, ask
            mark A in 50, start, token A 50, after 60, hidden, mark none, wake      | in
            mark A in 50, start, token A 50, after 60, hidden, mark none, wake, visible, wake | asking, ask fresh
            mark A in 50, start, token A 50, after 40, due                          | asking, ask
            mark A in 50, start, token A 50, after 40, offline, due                 | in
            mark A in 50, start, token A 50, after 59, offline, due                 | in
            mark A in 50, start, token A 50, after 60, offline, due                 | asking, ask
            mark A in 50, start, token A 50, after 40, offline, due, online, wake   | asking, ask
            """)
        void asksAgainWhenItMakesSense(String story, String expected) {
            assertEquals(expected, outcome(story));
        }

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            mark A in 50, start, token A 50, pagehide, restored                     | asking, ask
            mark A in 50, start, token A 50, pagehide, mark A out 50, restored      | asking, stale, ask fresh
            mark A in 50, start, token A 50, pagehide, mark none, restored          | asking, stale, ask fresh
            mark A in 50, start, token A 50, pagehide, mark B in 50, restored       | asking, stale, ask
            start, nobody certain, pagehide, mark A in 50, restored                 | asking, stale, ask
            start, token A 60, pagehide                                             | backing-off, abort
            mark A in 50, start, nobody certain, pagehide                           | sending
            """)
        void aPageFromTheBackForwardCacheChecksForWhomItWasRendered(String story, String expected) {
            assertEquals(expected, outcome(story));
        }

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            start, after 10, due                                                    | backing-off
            start, after 10, due, token A 60                                        | sending, post A
            start, after 10, due, after 1, due                                      | asking, ask
            start, after 10, due, after 1, due, late A 60                           | sending, post A
            start, after 10, due, after 20, due                                     | asking, ask fresh
            start, provider in s1, provider in s2                                   | asking, abort, ask fresh
            start, provider in s1, provider in s2, outdated A 60                    | asking
            start, provider in s1, token A 60, provider in s2                       | sending, abort, delete
            start, provider in s1, token A 60, provider in s2, mark A out 60, answer 200 | asking, tell cleared, ask fresh
            start, provider in s1, token A 60, mark A in 60, answer 200, provider in s2 | asking, abort, ask fresh
            mark A in 50, start, provider in s1, token A 50, demand fresh, token A 60, provider in s2 | asking, abort, ask fresh
            mark A in 50, start, provider in s1, token A 50, demand fresh, token A 60, mark B in 60, provider in s2 | asking, abort, ask fresh
            start, demand, start                                                    | asking
            """)
        void aLateTokenIsUsedUnlessItsUserHasGone(String story, String expected) {
            assertEquals(expected, outcome(story));
        }
    }

    /** The six rules of clearing, each beside the neighbour that clears nothing. */
    @Nested
    class Unverified {

        /** A signed-in page, whose clock was compared with the server's, at the moment a refresh is due. */
        private static final String SIGNED_IN = "start, token A 60, mark A in 60, clock 0, after 46, due, ";

        private static final String FIVE_FAILURES =
                "failed transient, due, failed transient, due, failed transient, due, failed transient, due, failed transient";

        @ParameterizedTest(name = "signed in, refresh fails five times, {0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            after 43, due, failed transient                                         | backing-off
            after 44, due, failed transient                                         | sending, delete unverified
            after 44, due, token A 120                                              | sending, post A
            after 44, due, failed transient, sign-out                               | sending, abort, delete
            after 44, due, failed transient, provider out                           | sending, abort, delete
            after 44, due, failed transient, mark A out 60, answer 200              | backing-off, tell unverified, in to out
            after 44, due, failed transient, mark A out 60, answer 200, due         | asking, ask fresh
            after 44, due, failed transient, mark A out 60, answer 200, due, token A 120 | sending, post A
            after 44, due, failed transient, answer 503                             | backing-off
            after 74, mark none, due, failed transient                              | backing-off
            """)
        void nobodyCanVouchForACookieLongAfterItExpired(String story, String expected) {
            assertEquals(expected, outcome(SIGNED_IN + FIVE_FAILURES + ", " + story));
        }

        @Test
        void fourFailuresAreNotEnoughHoweverLate() {
            String four = "failed transient, due, failed transient, due, failed transient, due, ";
            assertEquals("backing-off", outcome(SIGNED_IN + four + "after 200, failed transient"));
            assertEquals("backing-off, degraded", outcome(SIGNED_IN + FIVE_FAILURES));
        }

        /** A clock that is far ahead makes every cookie look expired. */
        @Test
        void aClockThatWasNeverComparedClearsNothing() {
            String warm = "mark A in 50, start, token A 50, after 200, due, ";
            assertEquals("backing-off", outcome(warm + FIVE_FAILURES + ", after 200, due, failed transient"));
        }

        @ParameterizedTest(name = "signed in, {0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            token A 106, answer 401                                                 | asking, ask fresh
            token A 106, answer 401, token A 107, answer 401                        | refused, complain
            token A 106, answer 401, token A 107, answer 401, after 60, due, token A 167, answer 401 | sending, delete unverified
            token A 106, answer 401, token A 107, answer 401, after 60, due, token A 167, mark A in 167, answer 200 | in, tell synced
            token A 106, answer 401, token A 107, answer 401, mark none, after 60, due, token A 167, answer 401 | refused
            token A 106, answer 401, token A 107, answer 401, after 60, due, token A 167, answer 401, mark A out 60, answer 200 | refused, tell unverified, in to out
            token A 106, answer 503, due, token A 107, answer 503, due, token A 108, answer 503 | backing-off
            """)
        void aUserWhomTheServerRefusesForAMinuteIsClearedAndLookedAtAgain(String story, String expected) {
            assertEquals(expected, outcome(SIGNED_IN + story));
        }
    }

    /** Found by walking at random. */
    @Nested
    class Stories {

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            start, nobody certain, sign-out, foreign 0, after 1, due                | sending, delete
            start, nobody certain, sign-out, answer 200, after 1, due               | out
            mark A in 50, start, token A 50, sign-out, answer 503, left, mark A in 50, after 1, due | sending, delete
            mark A in 50, start, token A 50, sign-out, answer 503, left, mark B in 60, after 1, due | in, in to in
            mark A in 50, start, token A 50, sign-out, answer 503, left, due, mark A out 50, answer 200, wake | out
            """)
        void aSignOutIsRepeatedUntilTheServerHeardItAndEndsNobodyElse(String story, String expected) {
            assertEquals(expected, outcome(story));
        }

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            mark A in 50, start, provider in s1, token A 50, after 40, due, not-ready, after 1, provider in s1 | asking, ask
            mark A in 50, start, provider in s1, token A 50, provider in s1         | in
            mark A in 50, start, provider in s1, token A 50, after 40, hidden, due, visible, provider in s1 | asking, ask
            mark A in 50, start, provider in s1, token A 50, pagehide, restored, not-ready, provider in s1, after 1, due | asking, ask
            """)
        void aTabThatNobodyWakesAgainWakesItself(String story, String expected) {
            assertEquals(expected, outcome(story));
        }

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            start, after 10, due, after 1, due, token B 60, foreign 0, due, older A 70 | asking
            start, after 10, due, after 1, due, late A 60                           | sending, post A
            mark A in 50, start, provider in s1, token A 50, provider in s2, token B 60, foreign 0, mark A out 50, peer | backing-off
            mark A in 50, start, provider in s1, token A 50, mark A out 50, peer    | out, abort, in to out
            """)
        void whoWasHereBeforeDoesNotDisturbWhoIsHereNow(String story, String expected) {
            assertEquals(expected, outcome(story));
        }

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            mark A in 50, start, provider in s1, token A 50, provider in s2, token B 60, foreign 0, after 5, due | sending, delete
            mark A in 50, start, provider in s1, token A 50, provider in s2, token B 60, foreign 0, after 5, provider in s3, due | backing-off
            mark A in 50, start, provider in s1, token A 50, provider in s2, token B 60, foreign 0, after 5, mark C in 60, due | asking, ask
            """)
        void onlyTheCookieThatWasThereAtTheSwitchIsCleared(String story, String expected) {
            assertEquals(expected, outcome(story));
        }

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            provider out, mark A out 50, answer 200, provider in s2, left           | asking, ask fresh
            provider out, mark A out 50, answer 200, provider in s1, left           | out, in to out
            mark A out 50, answer 200, provider out, left                           | out, in to out
            """)
        void whoSignsInWhileSomebodyIsLeavingIsNotForgotten(String story, String expected) {
            assertEquals(expected, outcome("mark A in 50, start, provider in s1, token A 50, sign-out, " + story));
        }

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            start, token A 60, mark A in 60, foreign 0                              | in, tell synced, out to in
            start, token A 60, foreign 0                                            | backing-off
            mark A in 60, start, token A 60, demand fresh, token A 90, foreign 0    | backing-off
            mark A in 50, start, failed definitive, after 1, due, failed definitive, foreign 0, after 1, due, token A 50 | asking, ask fresh
            mark A in 50, start, failed definitive, after 1, due, failed definitive, foreign 0, after 1, due, token A 50, token A 60 | sending, post A
            start, failed transient, hidden, after 0.5, due, visible, wake          | backing-off
            start, failed transient, hidden, after 0.5, due, visible, wake, after 0.5, due | asking, ask fresh
            """)
        void anAnswerThatWasCutOffIsJudgedByItsCookies(String story, String expected) {
            assertEquals(expected, outcome(story));
        }

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            mark A in 50, start, token A 50, after 0.9, wake                        | in
            mark A in 50, start, token A 50, after 1, wake                          | asking, ask
            mark A in 50, start, token A 50, after -300, wake                       | asking, ask
            start, token A 60, answer 503 7, after 3, wake                          | backing-off
            start, token A 60, answer 503 7, after -400, wake                       | asking, ask fresh
            """)
        void aClockThatIsSetBackHoldsNothingUp(String story, String expected) {
            assertEquals(expected, outcome(story));
        }
    }

    @Nested
    class ManyTabs {

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            start                                                                   | asking, ask fresh
            standby, start                                                          | asking, ask
            standby, start, token A 60                                              | backing-off
            standby, start, token A 60, due, token A 60                             | sending, post A
            standby, start, token A 60, mark A in 60, due, token A 60               | in, in
            standby, start, nobody certain                                          | out, abort
            standby, start, token A 60, demand                                      | asking, ask
            """)
        void aTabThatIsNotTheKeeperLetsItGoFirst(String story, String expected) {
            assertEquals(expected, outcome(story).replace("out to in", "in"));
        }

        @ParameterizedTest(name = "{0} => {1}")
        @CsvSource(delimiter = '|', textBlock = """
            after 46, due                                                           | asking, ask
            standby, after 46, due                                                  | in
            standby, after 52, due                                                  | in
            standby, after 53, due                                                  | asking, ask
            standby, after 46, due, mark A in 106, peer                             | in
            standby, after 46, due, keeper, after 6.5, due                          | asking, ask
            standby, after 46, mark none, due                                       | asking, ask fresh
            standby, after 46, wake                                                 | asking, ask
            """)
        void onlyTheKeeperRefreshesWhileThereIsTime(String story, String expected) {
            assertEquals(expected, outcome("start, token A 60, mark A in 60, answer 200, " + story));
        }

        @Test
        void moreThanTwelveRequestsAMinuteKeepTheirDistance() {
            String again = "demand fresh, token A %d, mark A in %d, answer 200, ";
            StringBuilder story = new StringBuilder("start, token A 60, mark A in 60, answer 200, ");
            for (int i = 1; i < 12; i++) {
                story.append(again.formatted(60 + i, 60 + i));
            }
            assertEquals("sending, post A", outcome(story + "after 5, demand fresh, token A 90"));
            assertEquals("sending, post A", outcome(story + "after 60, demand fresh, token A 90"));
            assertEquals("backing-off", outcome(story + "after 4.9, demand fresh, token A 90"));
            assertEquals(0.1, secondsToWait(story + "after 4.9, demand fresh, token A 90"), 0.01);
            assertEquals("sending, abort, delete", outcome(story + "sign-out"));
        }
    }

    @Nested
    class Timing {

        @ParameterizedTest(name = "{0} => {1} s")
        @CsvSource(delimiter = '|', textBlock = """
            start, token A 60, mark A in 60, answer 200                             | 46.5
            random 0, start, token A 60, mark A in 60, answer 200                   | 45
            random 1, start, token A 60, mark A in 60, answer 200                   | 48
            mark A in 16, start, token A 16                                         | 5
            start, token A 60, mark A in 60, clock 30                               | 16
            start, token A 60, mark A in 60, clock -3000                            | 46.5
            start, nobody certain                                                   | -1
            start, token A 60, answer 503 7                                         | 7.35
            start, failed transient                                                 | 0.5
            random 0, start, failed transient                                       | 0.375
            random 1, start, failed transient                                       | 0.625
            start, failed transient, due, failed transient                          | 1.5
            start, failed transient, due, failed transient, due, failed transient   | 4
            start, failed transient, due, failed transient, due, failed transient, due, failed transient | 10
            start, failed transient, due, failed transient, due, failed transient, due, failed transient, due, failed transient | 30
            start, failed transient, due, failed transient, due, failed transient, due, failed transient, due, failed transient, due, failed transient | 60
            start, failed transient, due, failed transient, due, failed transient, due, failed transient, due, failed transient, due, failed transient, due, failed transient | 60
            standby, start, token A 60                                              | 0.3
            start, token A 60, answer 401, token A 61, answer 401                   | 60
            mark A in 14, start, token A 14, token A 14                             | 10
            start, nobody perhaps, provider perhaps                                 | 1
            mark A in 50, start, token A 50, provider perhaps                       | 1
            """)
        void waits(String story, double seconds) {
            assertEquals(seconds, secondsToWait(story), 0.01);
        }

        @ParameterizedTest(name = "life {0} s, {1} s left: after {2} s")
        @CsvSource({
            "60, 60, 45",
            "60, 30, 15",
            "60, 20, 5",
            "60, 19, 5",
            "60, -100, 5",
            "60, 9000, 45",
            "12, 12, 6",
            "8, 8, 5",
            "3600, 3600, 3300",
            "86400000, 86400000, 42900"
        })
        void refreshesAheadOfExpiryWithinTheLifeOfTheToken(int life, int left, double seconds) {
            Value claims = context.eval("js", "({exp: %d, iat: %d})".formatted(1000 + left, 1000 + left - life));
            double delay =
                    script.invokeMember("refreshDelay", claims, 1_000_000).asDouble();
            assertEquals(seconds, delay / 1000, 0.01);
        }
    }

    @Nested
    class Reading {

        private static final String HASH = "0123456789abcdef0123456789abcdef";

        @ParameterizedTest
        @ValueSource(strings = {"m=" + HASH + ".17.in", "a=b; m=" + HASH + ".17.in; c=d", "am=x; m=" + HASH + ".17.in"})
        void findsTheMark(String cookies) {
            Value mark = script.invokeMember("parseMark", cookies, "m");
            assertEquals(HASH, mark.getMember("hash").asString());
            assertEquals(17, mark.getMember("exp").asInt());
            assertTrue(mark.getMember("in").asBoolean());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "m=",
                    "m=" + HASH,
                    "m=" + HASH + ".17.on",
                    "m=" + HASH + ".x.in",
                    "m=" + HASH + "0.17.in",
                    "xm=" + HASH + ".17.in",
                    "m=" + HASH + ".17.in.in"
                })
        void anythingElseIsNoMark(String cookies) {
            assertTrue(script.invokeMember("parseMark", cookies, "m").isNull());
        }

        @ParameterizedTest(name = "D08 {0} => {1}")
        @MethodSource("io.github.signinsync.script.DecisionTest#returnTargets")
        void returnsOnlyToAPathHere(String parameter, String expected) {
            assertEquals(
                    expected,
                    script.invokeMember("returnPath", "?return=" + parameter, "/home")
                            .asString());
        }

        @ParameterizedTest(name = "{0}: {1}")
        @CsvSource(delimiter = '|', textBlock = """
            {definitive: true}                                          | true
            {status: 401}                                               | true
            {status: 401, errors: [{code: 'authentication_invalid'}]}   | true
            {status: 401, errors: [{code: 'dev_browser_unauthenticated'}]} | false
            {status: 401, errors: [{code: 'requires_captcha'}]}         | false
            {status: 403, errors: [{code: 'user_banned'}]}              | true
            {status: 403, errors: [{code: 'other'}]}                    | false
            {status: 422}                                               | true
            {status: 404}                                               | false
            {status: 429}                                               | false
            {status: 500}                                               | false
            {code: 'clerk_offline'}                                     | false
            {error: 'login_required'}                                   | true
            {code: 'invalid_grant'}                                     | true
            {error: 'timeout'}                                          | false
            new TypeError('Failed to fetch')                            | false
            undefined                                                   | false
            null                                                        | false
            """)
        void takesOnlyKnownErrorsForAnAnswer(String error, boolean definitive) {
            Value thrown = context.eval("js", "(" + error + ")");
            assertEquals(definitive, script.invokeMember("isDefinitive", thrown).asBoolean());
        }
    }

    static Stream<Arguments> returnTargets() {
        return Stream.of(
                arguments("/account", "/account"),
                arguments("%2Faccount%3Fa%3Db%23c", "/account?a=b#c"),
                arguments("/", "/"),
                arguments("", "/home"),
                arguments("account", "/home"),
                arguments("https://evil.example/", "/home"),
                arguments("https%3A%2F%2Fevil.example%2F", "/home"),
                arguments("//evil.example", "/home"),
                arguments("%2F%2Fevil.example", "/home"),
                arguments("/\\evil.example", "/home"),
                arguments("%252F%252Fevil.example", "/home"),
                arguments("%E0%A4%A", "/home"),
                arguments("%2F%5Cevil.example", "/home"),
                arguments("%2F%09/evil.example", "/home"),
                arguments("%2F%0A%2Fevil.example", "/home"),
                arguments("%09//evil.example", "/home"),
                arguments("javascript:alert(1)", "/home"));
    }
}
