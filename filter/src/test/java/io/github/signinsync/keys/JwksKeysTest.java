// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import static io.github.signinsync.keys.ScriptedSource.ISSUER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.keys.JwksKeys.Status.State;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of a key, with time that moves only when told to and every read counted. */
class JwksKeysTest {

    private static final Duration REFRESH = Duration.ofMinutes(5);
    private static final Duration MAX_STALE = Duration.ofHours(24);
    private static final Duration COOLDOWN = Duration.ofSeconds(10);
    private static final Duration NANO = Duration.ofNanos(1);

    private final MovedTime time = new MovedTime();
    private final ScriptedSource source = new ScriptedSource();
    private final JwksKeys keys = new JwksKeys(
            new SigninSyncConfig.Keys(URI.create("https://issuer.example/jwks"), REFRESH, MAX_STALE, COOLDOWN),
            source,
            time,
            time,
            // No jitter: a good set is read again at 80 % of five minutes, which is 240 seconds.
            new RefreshTimes(REFRESH, () -> 0),
            Duration.ofSeconds(3));

    @Nested
    class KnownKeys {

        @Test
        void areFoundAfterOneRead() {
            source.publish("k1", "e1");
            keys.start();

            assertEquals(
                    new KeyLookup.Found(
                            new SigningKey("k1", "RS256", ISSUER.pair("k1").getPublic())),
                    keys.find("k1"));
            assertEquals(
                    new KeyLookup.Found(
                            new SigningKey("e1", "ES256", ISSUER.pair("e1").getPublic())),
                    keys.find("e1"));
            assertEquals(1, source.reads());
        }

        @Test
        void areReadAgainBeforeTheSetIsTooOldEvenIfNobodyAsks() {
            source.publish("k1");
            keys.start();

            time.pass(Duration.ofMinutes(4).minus(NANO));
            assertEquals(1, source.reads());
            time.pass(NANO);
            assertEquals(2, source.reads());
            time.pass(Duration.ofHours(1));
            assertEquals(2 + 3600 / 240, source.reads());
        }

        @Test
        void causeNoReadHoweverOftenTheyAreAskedFor() {
            source.publish("k1");
            keys.start();

            IntStream.range(0, 10_000).forEach(i -> assertFound("k1"));

            assertEquals(1, source.reads());
        }

        @Test
        @DisplayName("E02 withdrawal: a key that left the set is refused once the set's age is up, the other stays")
        void areGoneOnceWithdrawn() {
            source.publish("k1", "k2");
            keys.start();
            source.publish("k2");

            assertFound("k1");
            time.pass(REFRESH);

            assertEquals(new KeyLookup.Unknown(), keys.find("k1"));
            assertFound("k2");
            assertTrue(source.reads() <= 3, "one for the age, one for the key id that is unknown now");
        }

        @Test
        void areReplacedUnderTheSameIdWithinOneAge() {
            source.publish("k1");
            keys.start();
            String renamed = "{\"keys\":[" + ISSUER.jwk("k2").replace("\"k2\"", "\"k1\"") + "]}";
            source.answer(() -> JwksDocument.read(renamed.getBytes(StandardCharsets.UTF_8)));

            time.pass(REFRESH);

            KeyLookup.Found found = assertInstanceOf(KeyLookup.Found.class, keys.find("k1"));
            assertEquals(ISSUER.pair("k2").getPublic(), found.key().publicKey());
        }

        @Test
        @DisplayName("E03 JWKS 500 after warm-up: known keys are found, and the back-off shows in the number of reads")
        void areFoundWhileTheIssuerIsDown() {
            source.publish("k1");
            keys.start();
            source.fail(ReadFailure.STATUS);

            time.pass(Duration.ofMinutes(4));
            assertEquals(2, source.reads());
            for (int second = 0; second < 100; second++) {
                assertFound("k1");
                time.pass(Duration.ofSeconds(1));
            }

            // After 1, 2, 4, 8, 16 and 32 seconds, which is 63; the next is 48 seconds later.
            assertEquals(2 + 6, source.reads());
        }

        @ParameterizedTest
        @EnumSource(ReadFailure.class)
        void surviveEveryKindOfFailure(ReadFailure failure) {
            source.publish("k1");
            keys.start();
            source.fail(failure);

            time.pass(Duration.ofHours(1));

            assertFound("k1");
            assertEquals(State.AGING, keys.status().state());
            assertEquals(failure.word(), keys.status().lastFailure());
        }

        @ParameterizedTest
        @CsvSource({"-1, true", "0, false", "1, false"})
        void areTrustedForMaxStaleAndNoLonger(long nanos, boolean trusted) {
            source.publish("k1");
            keys.start();
            source.fail(ReadFailure.TIMEOUT);

            time.pass(MAX_STALE.plusNanos(nanos));

            if (trusted) {
                assertFound("k1");
            } else {
                assertEquals(new KeyLookup.Unavailable("stale"), keys.find("k1"));
                assertEquals(State.TOO_OLD, keys.status().state());
            }
        }

        @Test
        void comeBackWithinAMinuteOfTheIssuersReturn() {
            source.publish("k1");
            keys.start();
            source.fail(ReadFailure.REFUSED);
            time.pass(MAX_STALE.plusHours(1));
            assertEquals(new KeyLookup.Unavailable("stale"), keys.find("k1"));

            source.publish("k1");
            time.pass(Duration.ofSeconds(60));

            assertFound("k1");
            assertEquals(State.GOOD, keys.status().state());
        }

        @Test
        void areReadAgainAtOnceAfterTheMachineSlept() {
            source.publish("k1", "k2");
            keys.start();
            source.publish("k2");

            time.leap(Duration.ofHours(8));
            time.pass(Duration.ZERO);

            assertEquals(2, source.reads());
            assertEquals(new KeyLookup.Unknown(), keys.find("k1"));
        }

        @Test
        @DisplayName("E13 clock: only monotonic time counts, and it may wrap around")
        void ageByMonotonicTimeOnly() {
            source.publish("k1");
            keys.start();
            long before = time.getAsLong();

            time.pass(Duration.ofMinutes(2));

            assertTrue(time.getAsLong() < before, "the clock has wrapped");
            assertEquals(Duration.ofMinutes(2), keys.status().age());
            assertFound("k1");
            assertEquals(1, source.reads());
        }
    }

    @Nested
    class UnknownKeys {

        @Test
        @DisplayName("E01 rotation: the first token of a new key is accepted at once, for exactly one more read")
        void areReadForAtOnceAfterARotation() {
            source.publish("k1");
            keys.start();
            source.publish("k1", "k2");

            assertFound("k2");
            assertFound("k1");

            assertEquals(2, source.reads());
        }

        @Test
        void areUnknownIfTheSetThatWasJustReadLacksThem() {
            source.publish("k1");
            keys.start();

            assertEquals(new KeyLookup.Unknown(), keys.find("nobody"));
            assertEquals(2, source.reads());
        }

        @ParameterizedTest
        @CsvSource({"-1, 2", "0, 3", "1, 3"})
        void areReadForOncePerCooldown(long nanos, int reads) {
            source.publish("k1");
            keys.start();
            assertEquals(new KeyLookup.Unknown(), keys.find("one"));

            time.pass(COOLDOWN.plusNanos(nanos));

            assertEquals(new KeyLookup.Unknown(), keys.find("two"));
            assertEquals(reads, source.reads());
        }

        @Test
        void areUnavailableIfTheSetCannotBeRead() {
            source.publish("k1");
            keys.start();
            time.pass(COOLDOWN);
            source.fail(ReadFailure.STATUS);

            assertEquals(new KeyLookup.Unavailable("status"), keys.find("k2"));
            assertFound("k1");
        }

        @Test
        void areNotReadForAgainWithinTheCooldownOfAFailure() {
            source.publish("k1");
            keys.start();
            time.pass(COOLDOWN);
            source.fail(ReadFailure.TIMEOUT);
            assertEquals(new KeyLookup.Unavailable("timeout"), keys.find("k2"));
            int reads = source.reads();

            IntStream.range(0, 1000)
                    .forEach(i -> assertEquals(new KeyLookup.Unavailable("timeout"), keys.find("k" + (i + 2))));

            assertEquals(reads, source.reads());
        }

        @Test
        void areUnknownForTheCooldownAfterAGoodReadEvenIfTheNextOneFailed() {
            source.publish("k1");
            keys.start();
            source.fail(ReadFailure.TIMEOUT);

            assertEquals(new KeyLookup.Unknown(), keys.find("k2"));
            time.pass(COOLDOWN.minus(NANO));
            assertEquals(new KeyLookup.Unknown(), keys.find("k2"));
            time.pass(NANO);
            assertEquals(new KeyLookup.Unavailable("timeout"), keys.find("k2"));
        }

        @Test
        void getOneReadEvenRightAfterTheTimersOwn() {
            source.publish("k1");
            keys.start();
            time.pass(Duration.ofMinutes(4));
            assertEquals(2, source.reads());
            source.publish("k1", "k2");

            assertFound("k2");
            assertEquals(3, source.reads());
        }

        @Test
        void postponeTheTimerByTheReadTheyCaused() {
            source.publish("k1");
            keys.start();
            time.pass(Duration.ofSeconds(239));
            keys.find("nobody");
            assertEquals(2, source.reads());

            time.pass(Duration.ofSeconds(239));
            assertEquals(2, source.reads());
            time.pass(Duration.ofSeconds(1));
            assertEquals(3, source.reads());
        }

        @Test
        @DisplayName("E10 random kids: 1,000 in 5 seconds cause at most two reads and harm no known key")
        void cannotStarveKnownOnes() {
            source.publish("k1");
            keys.start();

            for (int i = 0; i < 1000; i++) {
                assertEquals(new KeyLookup.Unknown(), keys.find("random-" + i));
                assertFound("k1");
                time.pass(Duration.ofMillis(5));
            }

            assertEquals(2, source.reads());
        }

        @Test
        void cannotKeepTheTimerFromRunning() {
            source.publish("k1");
            keys.start();
            source.fail(ReadFailure.REFUSED);
            for (int i = 0; i < 600; i++) {
                keys.find("random-" + i);
                time.pass(Duration.ofSeconds(1));
            }

            source.publish("k1", "k2");
            time.pass(Duration.ofSeconds(60));

            assertFound("k2");
            assertEquals(State.GOOD, keys.status().state());
        }

        @ParameterizedTest
        @CsvSource({"''", "' '", "'k1 '", "K1", "'k1\r\nX: y'", "../../k1", "__proto__"})
        void areComparedExactly(String keyId) {
            source.publish("k1");
            keys.start();

            assertEquals(new KeyLookup.Unknown(), keys.find(keyId));
        }
    }

    @Nested
    class ColdStart {

        @Test
        void answersUnavailableWhileTheIssuerIsDownAndRecoversByItself() {
            keys.start();
            assertEquals(new KeyLookup.Unavailable("refused"), keys.find("k1"));
            time.pass(Duration.ofMinutes(10));
            assertEquals(State.NONE, keys.status().state());

            source.publish("k1");
            time.pass(Duration.ofSeconds(60));

            assertFound("k1");
        }

        @Test
        void doesNotNeedToBeStarted() {
            source.publish("k1");

            assertFound("k1");
            time.pass(Duration.ofMinutes(4));
            assertEquals(2, source.reads());
        }

        @Test
        void isOneReadEvenIfALookupComesBeforeTheStart() {
            source.publish("k1");
            assertFound("k1");
            keys.start();
            keys.start();

            assertEquals(1, source.reads());
        }

        @Test
        void isUnreadBeforeAnythingWasTried() {
            assertEquals(new JwksKeys.Status(State.NONE, null, 0, 0, 0, null), keys.status());
        }

        @Test
        void asksOncePerCooldownHoweverManyWait() {
            keys.start();

            List<KeyLookup> answers = new ArrayList<>();
            IntStream.range(0, 100).forEach(i -> answers.add(keys.find("k1")));

            assertEquals(2, source.reads());
            answers.forEach(answer -> assertEquals(new KeyLookup.Unavailable("refused"), answer));
        }
    }

    @Nested
    class Surprises {

        @Test
        void fromTheSourceAreAFailureLikeOthers() {
            source.publish("k1");
            keys.start();
            time.pass(COOLDOWN);
            source.answer(() -> {
                throw new IllegalStateException("a secret");
            });

            assertEquals(new KeyLookup.Unavailable("io"), keys.find("k2"));
            source.publish("k1", "k2");
            time.pass(Duration.ofSeconds(1));
            assertFound("k2");
        }

        @Test
        void afterCloseNothingIsReadAndHeldKeysAreStillFound() {
            source.publish("k1");
            keys.start();
            keys.close();
            time.pass(Duration.ofMinutes(1));

            assertFound("k1");
            assertEquals(new KeyLookup.Unavailable("unread"), keys.find("k2"));
            assertEquals(1, source.reads());
        }
    }

    private void assertFound(String keyId) {
        KeyLookup.Found found = assertInstanceOf(KeyLookup.Found.class, keys.find(keyId));
        assertEquals(keyId, found.key().id());
    }
}
