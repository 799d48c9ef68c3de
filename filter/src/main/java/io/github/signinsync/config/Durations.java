// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a duration as people write it: {@code 60s}, {@code 5m}, {@code 24h}, {@code 7d} or ISO-8601. A bare number is
 * refused, because half the world would mean seconds and the other half minutes.
 */
final class Durations {

    private static final Pattern WITH_UNIT = Pattern.compile("(\\d{1,9})\\s*(s|m|h|d)");

    private Durations() {}

    static Duration parse(String text) {
        Matcher matcher = WITH_UNIT.matcher(text.toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException notIso) {
            throw new IllegalArgumentException("Write a duration with its unit, such as 60s, 5m, 24h or PT1M.", notIso);
        }
    }
}
