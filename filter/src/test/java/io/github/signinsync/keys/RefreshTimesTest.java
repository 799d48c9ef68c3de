// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefreshTimesTest {

    private static final double ALMOST_ONE = Math.nextDown(1.0);

    @ParameterizedTest
    @CsvSource({"PT1S, PT0.8S, PT0.9S", "PT5M, PT4M, PT4M30S", "PT24H, PT19H12M, PT21H36M"})
    void aGoodSetIsReadAgainBetween80And90PercentOfItsAge(Duration refresh, Duration least, Duration most) {
        assertNear(least, new RefreshTimes(refresh, () -> 0).afterSuccess());
        assertNear(most, new RefreshTimes(refresh, () -> ALMOST_ONE).afterSuccess());
    }

    @ParameterizedTest
    @CsvSource({
        "1, PT1S, PT1.25S",
        "2, PT2S, PT2.5S",
        "3, PT4S, PT5S",
        "4, PT8S, PT10S",
        "5, PT16S, PT20S",
        "6, PT32S, PT40S",
        "7, PT48S, PT60S",
        "8, PT48S, PT60S",
        "2147483647, PT48S, PT60S"
    })
    void failuresBackOffFromOneToSixtySeconds(int inARow, Duration least, Duration most) {
        assertNear(least, new RefreshTimes(Duration.ofMinutes(5), () -> 0).afterFailures(inARow));
        assertNear(most, new RefreshTimes(Duration.ofMinutes(5), () -> ALMOST_ONE).afterFailures(inARow));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    void noBackOffIsLongerThanAMinute(int inARow) {
        Duration longest = new RefreshTimes(Duration.ofMinutes(5), () -> ALMOST_ONE).afterFailures(inARow);
        assertTrue(longest.compareTo(Duration.ofSeconds(60)) <= 0);
    }

    private static void assertNear(Duration expected, Duration actual) {
        assertTrue(expected.minus(actual).abs().toMillis() <= 1, () -> actual + " is not about " + expected);
    }
}
