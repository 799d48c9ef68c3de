// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.keys.KeyLookup;
import io.github.signinsync.keys.SigningKey;
import io.github.signinsync.keys.SigningKeys;
import io.github.signinsync.testing.TestIssuer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The base token of the case table and its relatives, written as JSON text so that a test can say exactly what it means. */
final class Tokens {

    static final String ISS = "https://idp.example";
    static final TestIssuer IDP = TestIssuer.create(ISS);
    static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":\"JWT\"}";

    private static final TokenVerifier DEFAULT = verifier(config());

    private Tokens() {}

    /** Returns the base payload with these members replaced or added: names and JSON values by turns; "-" removes. */
    static String payload(String... changes) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("iss", "\"" + ISS + "\"");
        members.put("sub", "\"alice\"");
        members.put("sid", "\"s1\"");
        members.put("iat", now(0));
        members.put("nbf", now(-10));
        members.put("exp", now(60));
        for (int i = 0; i < changes.length; i += 2) {
            members.put(changes[i], changes[i + 1]);
        }
        return members.entrySet().stream()
                .filter(member -> !member.getValue().equals("-"))
                .map(member -> "\"" + member.getKey() + "\":" + member.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** Returns the base token, rightly signed by k1, with these changes to its payload. */
    static String token(String... changes) {
        return IDP.sign("k1", HEADER, payload(changes));
    }

    /** Returns a token with this header and the base payload, signed by the key of this id. */
    static String withHeader(String kid, String headerJson) {
        return IDP.sign(kid, headerJson, payload());
    }

    static String base64(String text) {
        return TestIssuer.base64(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the time this many seconds from now, as JSON. */
    static String now(long seconds) {
        return Long.toString(NOW.getEpochSecond() + seconds);
    }

    static SigningKeys keys() {
        return keys(IDP);
    }

    /** Returns the keys of a test issuer, each with the algorithm its set would name. */
    static SigningKeys keys(TestIssuer issuer) {
        Map<String, String> algorithms = Map.of("k1", "RS256", "k2", "RS256", "e1", "ES256");
        return kid -> algorithms.containsKey(kid)
                ? new KeyLookup.Found(new SigningKey(
                        kid, algorithms.get(kid), issuer.pair(kid).getPublic()))
                : new KeyLookup.Unknown();
    }

    static SigninSyncConfig.Builder config() {
        return SigninSyncConfig.builder().issuer(ISS);
    }

    static TokenVerifier verifier(SigninSyncConfig.Builder config) {
        return new TokenVerifier(config.build().token(), keys(), CLOCK);
    }

    /** Returns VALID, EXPIRED, UNAVAILABLE or the reason code of what a verifier with default settings says. */
    static String outcome(String token) {
        return outcome(DEFAULT, token);
    }

    static String outcome(TokenVerifier verifier, String token) {
        Verification verification = verifier.verify(token);
        if (verification instanceof Verification.Valid) {
            return "VALID";
        } else if (verification instanceof Verification.Expired) {
            return "EXPIRED";
        } else if (verification instanceof Verification.Invalid invalid) {
            return invalid.reason().name();
        } else if (verification instanceof Verification.Unavailable) {
            return "UNAVAILABLE";
        }
        throw new AssertionError(verification);
    }
}
