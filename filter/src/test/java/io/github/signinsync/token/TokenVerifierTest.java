// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

import static io.github.signinsync.token.Tokens.CLOCK;
import static io.github.signinsync.token.Tokens.IDP;
import static io.github.signinsync.token.Tokens.NOW;
import static io.github.signinsync.token.Tokens.base64;
import static io.github.signinsync.token.Tokens.config;
import static io.github.signinsync.token.Tokens.keys;
import static io.github.signinsync.token.Tokens.now;
import static io.github.signinsync.token.Tokens.outcome;
import static io.github.signinsync.token.Tokens.payload;
import static io.github.signinsync.token.Tokens.token;
import static io.github.signinsync.token.Tokens.verifier;
import static io.github.signinsync.token.Tokens.withHeader;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import io.github.signinsync.SessionIdentity;
import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.keys.KeyLookup;
import io.github.signinsync.keys.SigningKey;
import io.github.signinsync.keys.SigningKeys;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes out of a verification, what it asks of the key source, and that nothing is ever thrown. */
class TokenVerifierTest {

    @Nested
    class Proof {

        @Test
        void holdsWhatWasVerified() throws GeneralSecurityException {
            String text = token("iat", now(-5) + ".75", "exp", now(60) + ".75", "roles", "[\"a\",\"b\"]");
            VerifiedToken proof = valid(text);
            assertEquals(new SessionIdentity(Tokens.ISS, "alice", "s1"), proof.identity());
            assertEquals("k1", proof.keyId());
            assertEquals(NOW.minusSeconds(5), proof.issuedAt());
            assertEquals(NOW.plusSeconds(60), proof.expiresAt());
            assertEquals(List.of("a", "b"), proof.claims().get("roles"));
            byte[] signed = text.substring(0, text.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(signed);
            assertEquals(HexFormat.of().formatHex(hash), proof.digest());
        }

        @Test
        void isMadeForAnExpiredTokenToo() {
            var expired = assertInstanceOf(
                    Verification.Expired.class, verifier(config()).verify(token("iat", "-", "exp", now(-60))));
            assertEquals(
                    new SessionIdentity(Tokens.ISS, "alice", "s1"),
                    expired.token().identity());
            assertEquals(NOW.minusSeconds(60), expired.token().expiresAt());
            assertEquals(Instant.EPOCH, expired.token().issuedAt());
        }

        @Test
        void namesOneTokenWhateverItsSignature() {
            String payload = payload();
            String one = IDP.sign("e1", IDP.header("e1"), payload);
            String two = IDP.sign("e1", IDP.header("e1"), payload);
            assertNotEquals(one, two, "ECDSA signs with a random number");
            assertEquals(valid(one).digest(), valid(two).digest());
            assertNotEquals(valid(one).digest(), valid(token()).digest());
        }

        @Test
        void hasNoSessionIdWhereTheTokenHasNone() {
            assertEquals(
                    new SessionIdentity(Tokens.ISS, "alice", null),
                    valid(token("sid", "-")).identity());
        }

        @Test
        @SuppressWarnings("unchecked")
        void isUnmodifiableAllTheWayDown() {
            Map<String, Object> claims = valid(token("a", "[{\"b\":[]}]")).claims();
            List<Object> list = (List<Object>) requireNonNull(claims.get("a"));
            Map<String, Object> inner = (Map<String, Object>) list.get(0);
            List<Object> innermost = (List<Object>) requireNonNull(inner.get("b"));
            assertThrows(UnsupportedOperationException.class, () -> claims.put("x", "y"));
            assertThrows(UnsupportedOperationException.class, () -> list.add("y"));
            assertThrows(UnsupportedOperationException.class, () -> inner.remove("b"));
            assertThrows(UnsupportedOperationException.class, () -> innermost.add(1));
        }

        @Test
        void saysNothingOfItsOwner() {
            assertEquals("VerifiedToken[keyId=k1]", valid(token()).toString());
        }

        private VerifiedToken valid(String text) {
            return assertInstanceOf(Verification.Valid.class, verifier(config()).verify(text))
                    .token();
        }
    }

    @Nested
    class Size {

        @ParameterizedTest
        @CsvSource({"8191,VALID", "8192,VALID", "8193,TOO_LONG"})
        void tokenHasALimit(int length, String expected) {
            assertEquals(expected, outcome(tokenOfLength(length)));
        }

        @ParameterizedTest
        @CsvSource({"8192,MALFORMED", "8193,TOO_LONG", "1000000,TOO_LONG"})
        void limitComesBeforeEverythingElse(int length, String expected) {
            assertEquals(expected, outcome("!".repeat(length)));
        }

        /** A length that base64 cannot hit with the payload is hit with the header: both are padded until it fits. */
        private String tokenOfLength(int length) {
            for (int inHeader = 0; inHeader < 4; inHeader++) {
                String header = "{\"alg\":\"RS256\",\"kid\":\"k1\"" + " ".repeat(inHeader) + "}";
                int rest = length - base64(header).length() - 2 - 342;
                int bytes = rest * 3 / 4;
                String padded = payload(
                        "pad", "\"" + "x".repeat(bytes - payload("pad", "\"\"").length()) + "\"");
                String text = IDP.sign("k1", header, padded);
                if (text.length() == length) {
                    return text;
                }
            }
            throw new AssertionError(length);
        }
    }

    @Nested
    class Keys {

        @Test
        void unavailableKeyIsUnavailable() {
            assertEquals(
                    new Verification.Unavailable("down"),
                    with(kid -> new KeyLookup.Unavailable("down")).verify(token()));
        }

        @Test
        void unknownKeyIsInvalid() {
            assertEquals("UNKNOWN_KEY", outcome(with(kid -> new KeyLookup.Unknown()), token()));
        }

        @Test
        void brokenKeySourceIsUnavailable() {
            SigningKeys broken = kid -> {
                throw new IllegalStateException(kid);
            };
            assertEquals(
                    new Verification.Unavailable("key lookup failed"),
                    with(broken).verify(token()));
        }

        @Test
        void everyAnswerOfTheKeySourceIsDecidedOn() {
            assertEquals(
                    Set.of(KeyLookup.Found.class, KeyLookup.Unknown.class, KeyLookup.Unavailable.class),
                    Arrays.stream(KeyLookup.class.getPermittedSubclasses()).collect(Collectors.toSet()));
        }

        @Test
        void noKeyIsLookedUpForWhatNoKeyCouldSave() {
            List<String> asked = new ArrayList<>();
            TokenVerifier verifier = with(kid -> {
                asked.add(kid);
                return keys().find(kid);
            });
            outcome(verifier, "a.b.c");
            outcome(verifier, withHeader("k1", "{\"alg\":\"none\",\"kid\":\"x\"}"));
            outcome(verifier, token("iss", "\"https://stranger.example\""));
            outcome(verifier, token("exp", "-"));
            assertEquals(List.of(), asked);
            assertEquals("VALID", outcome(verifier, token()));
            assertEquals(List.of("k1"), asked);
        }

        @ParameterizedTest
        @CsvSource({"RS256,VALID", ",VALID", "RS384,ALGORITHM", "rs256,ALGORITHM", "PS256,ALGORITHM", "ES256,ALGORITHM"
        })
        void keyThatNamesAnAlgorithmIsForThatOnly(@Nullable String declared, String expected) {
            PublicKey key = IDP.pair("k1").getPublic();
            assertEquals(
                    expected, outcome(with(kid -> new KeyLookup.Found(new SigningKey(kid, declared, key))), token()));
        }

        private TokenVerifier with(SigningKeys keys) {
            return new TokenVerifier(config().build().token(), keys, CLOCK);
        }
    }

    @Nested
    class Algorithms {

        private static final KeyPair P384 = ec("secp384r1");
        private static final KeyPair P521 = ec("secp521r1");

        @ParameterizedTest
        @ValueSource(strings = {"RS256", "RS384", "RS512", "ES256", "ES384", "ES512"})
        void eachWorksWithItsKeyAndNoOther(String alg) {
            Map<String, KeyPair> pairs =
                    Map.of("RS", IDP.pair("k1"), "ES256", IDP.pair("e1"), "ES384", P384, "ES512", P521);
            String family = alg.startsWith("RS") ? "RS" : alg;
            String text = JWT.create()
                    .withIssuer(Tokens.ISS)
                    .withSubject("alice")
                    .withKeyId("k")
                    .withExpiresAt(NOW.plusSeconds(60))
                    .sign(signer(alg, requireNonNull(pairs.get(family))));
            pairs.forEach((name, pair) -> assertEquals(
                    name.equals(family) ? "VALID" : "ALGORITHM", outcome(verifier(alg, pair), text), name));
            assertEquals(
                    "ALGORITHM",
                    outcome(
                            verifier(alg.equals("RS256") ? "ES256" : "RS256", requireNonNull(pairs.get(family))),
                            text));
        }

        @Test
        void onlyAsymmetricOnesCanBeConfigured() {
            for (String alg : List.of("HS256", "none", "rs256", "PS256")) {
                SigninSyncConfig.Token config = new SigninSyncConfig.Token(
                        List.of(Tokens.ISS), Set.of(), Set.of(), Set.of(alg), Duration.ZERO, Duration.ofHours(1));
                assertThrows(IllegalArgumentException.class, () -> new TokenVerifier(config, keys(), CLOCK));
            }
        }

        private TokenVerifier verifier(String alg, KeyPair pair) {
            SigningKeys keys = kid -> new KeyLookup.Found(new SigningKey(kid, null, pair.getPublic()));
            return new TokenVerifier(config().algorithms(alg).build().token(), keys, CLOCK);
        }

        private static Algorithm signer(String alg, KeyPair pair) {
            if (pair.getPrivate() instanceof RSAPrivateKey rsa) {
                return switch (alg) {
                    case "RS256" -> Algorithm.RSA256(rsa);
                    case "RS384" -> Algorithm.RSA384(rsa);
                    default -> Algorithm.RSA512(rsa);
                };
            } else if (pair.getPrivate() instanceof ECPrivateKey ec) {
                return switch (alg) {
                    case "ES256" -> Algorithm.ECDSA256(ec);
                    case "ES384" -> Algorithm.ECDSA384(ec);
                    default -> Algorithm.ECDSA512(ec);
                };
            }
            throw new AssertionError(alg);
        }

        private static KeyPair ec(String curve) {
            try {
                KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
                generator.initialize(new ECGenParameterSpec(curve));
                return generator.generateKeyPair();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Nested
    class Leeway {

        @ParameterizedTest
        @CsvSource({
            "0,-1,EXPIRED",
            "0,0,EXPIRED",
            "0,1,VALID",
            "3600,-3601,EXPIRED",
            "3600,-3600,EXPIRED",
            "3600,-3599,VALID"
        })
        void isAsConfigured(long leeway, long exp, String expected) {
            TokenVerifier verifier = verifier(config().leeway(Duration.ofSeconds(leeway)));
            assertEquals(expected, outcome(verifier, token("iat", "-", "exp", now(exp))));
        }

        @ParameterizedTest
        @CsvSource({"0,VALID", "999,VALID", "1000,EXPIRED"})
        void aTokenEndsOnTheSecond(long millis, String expected) {
            Clock clock = Clock.fixed(NOW.plusMillis(millis), ZoneOffset.UTC);
            TokenVerifier verifier = new TokenVerifier(config().build().token(), keys(), clock);
            assertEquals(expected, outcome(verifier, token("exp", now(-59), "iat", now(-100))));
        }
    }

    @Nested
    class Surprises {

        @Test
        void exceptionIsAnAnswer() {
            assertEquals(
                    "INTERNAL",
                    outcome(
                            withClock(() -> {
                                throw new IllegalStateException("surprise");
                            }),
                            token()));
        }

        @Test
        void stackOverflowIsAnAnswer() {
            assertEquals(
                    "INTERNAL",
                    outcome(
                            withClock(() -> {
                                throw new StackOverflowError();
                            }),
                            token()));
        }

        @Test
        void otherErrorsAreNotOurs() {
            TokenVerifier verifier = withClock(() -> {
                throw new OutOfMemoryError();
            });
            assertThrows(OutOfMemoryError.class, () -> verifier.verify(token()));
            assertEquals("MALFORMED", outcome(verifier, "no token"), "the clock is not asked");
        }

        @Test
        void clockIsReadOnce() {
            List<Instant> read = new ArrayList<>();
            TokenVerifier verifier = withClock(() -> {
                read.add(NOW);
                return NOW.plusSeconds(1000L * (read.size() - 1));
            });
            assertEquals("VALID", outcome(verifier, token()));
            assertEquals(1, read.size());
        }

        private TokenVerifier withClock(Supplier<Instant> time) {
            Clock clock = new Clock() {
                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    return time.get();
                }
            };
            return new TokenVerifier(config().build().token(), keys(), clock);
        }
    }
}
