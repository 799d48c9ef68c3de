// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "60s,        PT60S",
        "5m,         PT5M",
        "24h,        PT24H",
        "7d,         P7D",
        "7D,         P7D",
        "5 m,        PT5M",
        "0s,         PT0S",
        "999999999s, PT999999999S",
        "PT1M30S,    PT90S",
        "pt1m,       PT1M",
        "-PT1S,      -PT1S"
    })
    void areReadWithTheirUnit(String text, Duration duration) {
        assertEquals(duration, Durations.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "60", "5w", "5ms", "-1s", "1.5h", "1h30m", "s", "1000000000s", "99999999999999999999s"})
    void withoutOneOrTooLongAreRefused(String text) {
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> Durations.parse(text))
                .getMessage());

        assertTrue(message.contains("with its unit"), message);
    }
}
