// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The claims we decide on, each of the kind RFC 7519, 4.1, gives it. Reading them believes nothing: a claim of the wrong
 * kind is refused early because no signature could make it right.
 *
 * @param subject {@code sub}, never blank and never trimmed
 * @param sessionId {@code sid}, or null
 * @param expiresAt {@code exp}, in whole seconds, rounded down
 * @param issuedAt {@code iat}, or null
 * @param notBefore {@code nbf}, or null
 * @param audience {@code aud}; empty if there is none
 * @param authorizedParty {@code azp}, or null
 */
record TokenClaims(
        String subject,
        @Nullable String sessionId,
        Instant expiresAt,
        @Nullable Instant issuedAt,
        @Nullable Instant notBefore,
        List<String> audience,
        @Nullable String authorizedParty) {

    private static final int MAX_NAME_LENGTH = 255;

    /** The end of the year 9999. A later date overflows something on the way, here or in the application. */
    private static final long LAST_SECOND = 253_402_300_799L;

    static TokenClaims read(Map<String, Object> payload) throws Refused {
        return new TokenClaims(
                required(name(payload.get("sub"))),
                name(payload.get("sid")),
                required(date(payload.get("exp"))).truncatedTo(ChronoUnit.SECONDS),
                date(payload.get("iat")),
                date(payload.get("nbf")),
                texts(payload.get("aud")),
                text(payload.get("azp")));
    }

    /** Returns {@code iat} in whole seconds, rounded down, or the epoch if there is none. */
    Instant issuedAtOrEpoch() {
        return issuedAt == null ? Instant.EPOCH : issuedAt.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Names the type only: the values are personal data. */
    @Override
    public String toString() {
        return "TokenClaims";
    }

    private static <T> T required(@Nullable T value) throws Refused {
        if (value == null) {
            throw wrongKind();
        }
        return value;
    }

    /** Text that tells one user or login from another. */
    private static @Nullable String name(@Nullable Object value) throws Refused {
        String name = text(value);
        if (name != null
                && (name.isBlank()
                        || name.length() > MAX_NAME_LENGTH
                        || name.chars().anyMatch(Character::isISOControl))) {
            throw wrongKind();
        }
        return name;
    }

    private static @Nullable String text(@Nullable Object value) throws Refused {
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw wrongKind();
    }

    /** Seconds since the epoch, which may have a fraction (RFC 7519, 2). */
    private static @Nullable Instant date(@Nullable Object value) throws Refused {
        if (value == null) {
            return null;
        }
        if (value instanceof Long seconds && seconds >= 0 && seconds <= LAST_SECOND) {
            return Instant.ofEpochSecond(seconds);
        }
        if (value instanceof Double seconds && seconds >= 0 && seconds <= LAST_SECOND) {
            return Instant.ofEpochMilli((long) (seconds * 1000));
        }
        throw wrongKind();
    }

    private static List<String> texts(@Nullable Object value) throws Refused {
        if (value == null) {
            return List.of();
        }
        if (value instanceof String text) {
            return List.of(text);
        }
        if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw wrongKind();
    }

    private static Refused wrongKind() {
        return new Refused(Rejection.CLAIMS);
    }
}
