// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import static io.github.signinsync.keys.ScriptedSource.ISSUER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.signinsync.testing.TestIssuer;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a key set may look like, entry by entry; k2 stands beside every bad one and must keep working. */
class JwksDocumentTest {

    private static final String K1 = ISSUER.jwk("k1");
    private static final String K2 = ISSUER.jwk("k2");
    private static final String E1 = ISSUER.jwk("e1");

    @Nested
    class Documents {

        @Test
        void withGoodKeysAreRead() {
            assertEquals(Set.of("k1", "k2", "e1"), done(K1, K2, E1).keys().keySet());
            assertEquals(List.of(), done(K1, K2, E1).skipped());
        }

        @Test
        void mayHaveOtherMembers() {
            assertInstanceOf(
                    KeySetRead.Done.class, read("{\"issuer\":{\"a\":[1]},\"keys\":[" + K1 + "],\"keyset\":null}"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "null",
                    "[]",
                    "7",
                    "\"keys\"",
                    "{}",
                    "{\"keys\":null}",
                    "{\"keys\":{}}",
                    "{\"keys\":\"k1\"}",
                    "{\"Keys\":[]}",
                    "<html><body>Please sign in to the network</body></html>",
                    "{\"keys\":[",
                    "{'keys':[]}",
                    "{\"keys\":[],}",
                    "/* hello */{\"keys\":[]}",
                    "{\"keys\":[NaN]}"
                })
        @DisplayName("E05 bad bodies: what is no key set is refused")
        void thatAreNoKeySetAreRefused(String body) {
            assertFailed(ReadFailure.UNREADABLE, read(body));
        }

        @Test
        @DisplayName("E05 bad bodies: a set without a usable key is refused")
        void withoutAUsableKeyAreRefused() {
            assertFailed(ReadFailure.EMPTY, read("{\"keys\":[]}"));
            assertFailed(ReadFailure.EMPTY, read("{\"keys\":[null,1,\"k1\",[],{}]}"));
        }

        @Test
        void withTextBehindAreRefused() {
            assertFailed(ReadFailure.UNREADABLE, read(ISSUER.jwks("k1") + "{}"));
            assertFailed(ReadFailure.UNREADABLE, read(ISSUER.jwks("k1") + " garbage"));
        }

        @Test
        void withDuplicateMembersAreRefused() {
            assertFailed(ReadFailure.UNREADABLE, read("{\"keys\":[" + K1 + "],\"keys\":[" + K2 + "]}"));
            assertFailed(ReadFailure.UNREADABLE, read(set(K2, K1.replace("{", "{\"kid\":\"k9\","))));
            assertFailed(ReadFailure.UNREADABLE, read(set(K2, K1.replace("{", "{\"k\\u0069d\":\"k9\","))));
        }

        @ParameterizedTest
        @CsvSource({"17, true", "18, false", "100000, false"})
        void mayNestTwentyDeep(int levelsInAnEntry, boolean readable) {
            String deep = "{\"kid\":" + "[".repeat(levelsInAnEntry) + "]".repeat(levelsInAnEntry) + "}";

            assertEquals(readable, read(set(K2, deep)) instanceof KeySetRead.Done);
        }

        @ParameterizedTest
        @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
        void inAnotherEncodingAreRefused(String charset) {
            assertFailed(
                    ReadFailure.UNREADABLE, JwksDocument.read(ISSUER.jwks("k1").getBytes(Charset.forName(charset))));
        }

        @Test
        void withBytesThatAreNotUtf8AreRefused() {
            byte[] body = set(K2, "{\"kid\":\"?\"}").getBytes(StandardCharsets.UTF_8);
            body[new String(body, StandardCharsets.UTF_8).indexOf('?')] = (byte) 0xff;

            assertFailed(ReadFailure.UNREADABLE, JwksDocument.read(body));
        }

        @Test
        void withADigitFloodAreRefusedWithoutMuchWork() {
            assertFailed(ReadFailure.UNREADABLE, read(set(K2, "{\"kid\":" + "9".repeat(200_000) + "}")));
        }
    }

    @Nested
    class Entries {

        @ParameterizedTest
        @ValueSource(strings = {"RS256", "RS384", "RS512"})
        void ofRsaMayNameTheirAlgorithm(String algorithm) {
            assertEquals(
                    algorithm, key("k1", done(K1.replace("RS256", algorithm))).algorithm());
        }

        @Test
        void mayLeaveOutUseAlgorithmAndOperations() {
            String bare = K1.replace(",\"use\":\"sig\"", "").replace(",\"alg\":\"RS256\"", "");

            assertNull(key("k1", done(bare)).algorithm());
            assertEquals(ISSUER.pair("k1").getPublic(), key("k1", done(bare)).publicKey());
        }

        @Test
        void mayNameOperationsIfVerifyIsAmongThem() {
            key("k1", done(K1.replace("{", "{\"key_ops\":[\"verify\"],")));
            key("k1", done(K1.replace("{", "{\"key_ops\":[\"encrypt\",\"verify\"],")));
        }

        @Test
        void mayBringCertificatesWhichAreNotLookedAt() {
            key("k1", done(K1.replace("{", "{\"x5c\":\"not a list\",\"x5u\":7,\"x5t\":{},\"custom\":[[]],")));
        }

        @ParameterizedTest
        @CsvSource({"secp256r1, P-256, ES256, 32", "secp384r1, P-384, ES384, 48", "secp521r1, P-521, ES512, 66"})
        void ofEcMayLieOnThreeCurves(String name, String curve, String algorithm, int length) throws Exception {
            ECPublicKey point = ecKey(name);
            String entry =
                    ec(curve, algorithm, point.getW().getAffineX(), point.getW().getAffineY(), length);

            assertEquals(algorithm, key("x", done(entry)).algorithm());
            assertEquals(point.getW(), ((ECPublicKey) key("x", done(entry)).publicKey()).getW());
        }

        @Test
        void mayBeThereTwiceIfTheyAreTheSame() {
            assertEquals(Set.of("k1", "k2"), done(K1, K2, K1).keys().keySet());
            assertEquals(List.of(), done(K1, K2, K1).skipped());
        }

        @Test
        @DisplayName("E07 unusable keys: two different keys of one id are both refused, with one remark")
        void ofOneIdAndTwoKeysAreBothRefused() {
            String other = E1.replace("\"e1\"", "\"k1\"");

            KeySetRead.Done done = done(K1, other, K2, K1, other);

            assertEquals(Set.of("k2"), done.keys().keySet());
            assertEquals(List.of(new JwkEntry.Unusable("k1", "duplicate")), done.skipped());
        }

        @Test
        void ofOneIdAndTwoAlgorithmsAreBothRefused() {
            assertEquals(
                    Set.of("k2"),
                    done(K1, K1.replace("RS256", "RS512"), K2).keys().keySet());
        }

        @Test
        void forEncryptionDoNotDisturbTheSigningKeyOfTheirId() {
            String encryption = K2.replace("\"k2\"", "\"k1\"").replace("\"sig\"", "\"enc\"");

            assertEquals(
                    ISSUER.pair("k1").getPublic(),
                    key("k1", done(encryption, K1)).publicKey());
        }

        @ParameterizedTest(name = "{0}: {1}")
        @MethodSource("io.github.signinsync.keys.JwksDocumentTest#uselessEntries")
        @DisplayName("E06 broken members and E07 unusable keys: skipped with a reason, the others are fine")
        void thatAreOfNoUseAreSkipped(String reason, String entry) {
            KeySetRead.Done done = done(entry, K2);

            assertEquals(Set.of("k2"), done.keys().keySet());
            assertEquals(1, done.skipped().size());
            assertEquals(reason, done.skipped().get(0).reason());
        }

        @Test
        void mayHaveIdsOf255Characters() {
            String longest = "x".repeat(255);

            key(longest, done(K1.replace("\"k1\"", "\"" + longest + "\"")));
        }

        @Test
        void mayHave2048To8192Bits() {
            key("k1", done(rsa(BigInteger.ONE.shiftLeft(2047).add(BigInteger.ONE), BigInteger.valueOf(65537))));
            key("k1", done(rsa(BigInteger.ONE.shiftLeft(8191).add(BigInteger.ONE), BigInteger.valueOf(65537))));
        }

        @Test
        void mayHaveOddExponentsUpTo64Bits() {
            BigInteger modulus = ((RSAPublicKey) ISSUER.pair("k1").getPublic()).getModulus();

            key("k1", done(rsa(modulus, BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE))));
        }
    }

    static List<Object[]> uselessEntries() throws Exception {
        BigInteger modulus = ((RSAPublicKey) ISSUER.pair("k1").getPublic()).getModulus();
        BigInteger f4 = BigInteger.valueOf(65537);
        BigInteger x = ((ECPublicKey) ISSUER.pair("e1").getPublic()).getW().getAffineX();
        BigInteger y = ((ECPublicKey) ISSUER.pair("e1").getPublic()).getW().getAffineY();
        BigInteger p256 = ((ECFieldFp) ecKey("secp256r1").getParams().getCurve().getField()).getP();
        List<Object[]> rows = new ArrayList<>();
        String[][] written = {
            {"kid", "null"},
            {"kid", "[]"},
            {"kid", "{}"},
            {"kid", K1.replace("\"k1\"", "1")},
            {"kid", K1.replace("\"k1\"", "null")},
            {"kid", K1.replace("\"k1\"", "\"\"")},
            {"kid", K1.replace("\"k1\"", "[\"k1\"]")},
            {"kid", K1.replace("\"k1\"", "\"" + "x".repeat(256) + "\"")},
            {"kid", K1.replace(",\"kid\":\"k1\"", "")},
            {"kty", K1.replace("\"kty\":\"RSA\",", "")},
            {"kty", K1.replace("\"RSA\"", "\"rsa\"")},
            {"kty", K1.replace("\"RSA\"", "7")},
            {"kty", "{\"kid\":\"h\",\"kty\":\"oct\",\"k\":\"c2VjcmV0\",\"alg\":\"HS256\"}"},
            {"kty", "{\"kid\":\"o\",\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}"},
            {"kty", "{\"kid\":\"q\",\"kty\":\"AKP\",\"alg\":\"ML-DSA-44\",\"pub\":\"AAAA\"}"},
            {"use", K1.replace("\"sig\"", "\"enc\"")},
            {"use", K1.replace("\"sig\"", "\"Sig\"")},
            {"use", K1.replace("\"sig\"", "null")},
            {"use", K1.replace("\"sig\"", "[\"sig\"]")},
            {"key_ops", K1.replace("{", "{\"key_ops\":[\"sign\"],")},
            {"key_ops", K1.replace("{", "{\"key_ops\":[],")},
            {"key_ops", K1.replace("{", "{\"key_ops\":\"verify\",")},
            {"key_ops", K1.replace("{", "{\"key_ops\":{\"a\":\"verify\"},")},
            {"key_ops", K1.replace("{", "{\"key_ops\":7,")},
            {"private", K1.replace("{", "{\"d\":\"AQAB\",")},
            {"alg", K1.replace("\"RS256\"", "\"PS256\"")},
            {"alg", K1.replace("\"RS256\"", "\"RSA-OAEP\"")},
            {"alg", K1.replace("\"RS256\"", "\"HS256\"")},
            {"alg", K1.replace("\"RS256\"", "\"none\"")},
            {"alg", K1.replace("\"RS256\"", "\"rs256\"")},
            {"alg", K1.replace("\"RS256\"", "\"ES256\"")},
            {"alg", K1.replace("\"RS256\"", "256")},
            {"alg", K1.replace("\"RS256\"", "null")},
            {"alg", E1.replace("\"ES256\"", "\"ES384\"")},
            {"alg", E1.replace("\"ES256\"", "\"RS256\"")},
            {"crv", E1.replace("\"P-256\"", "\"secp256k1\"")},
            {"crv", E1.replace("\"P-256\"", "\"P-192\"")},
            {"crv", E1.replace("\"P-256\"", "7")},
            {"crv", E1.replace("\"crv\":\"P-256\",", "")},
            {"malformed", K1.replace("\"n\":", "\"N\":")},
            {"malformed", K1.replace("\"e\":\"AQAB\"", "\"e\":65537")},
            {"malformed", K1.replace("\"e\":\"AQAB\"", "\"e\":\"\"")},
            {"malformed", K1.replace("\"e\":\"AQAB\"", "\"e\":\"AQAB==\"")},
            {"malformed", K1.replace("\"e\":\"AQAB\"", "\"e\":\"AQ+B\"")},
            {"malformed", K1.replace("\"e\":\"AQAB\"", "\"e\":\"A\"")},
            {"malformed", E1.replace("\"y\":", "\"z\":")},
            {"malformed", K1.replaceFirst("\"n\":\"[^\"]*\"", "\"n\":\"" + "A".repeat(100_000) + "\"")},
            {"size", rsa(BigInteger.ONE.shiftLeft(1023).add(BigInteger.ONE), f4)},
            {"size", rsa(BigInteger.ONE.shiftLeft(2047).subtract(BigInteger.ONE), f4)},
            {"size", rsa(BigInteger.ONE.shiftLeft(8192).add(BigInteger.ONE), f4)},
            {"exponent", rsa(modulus, BigInteger.valueOf(3))},
            {"exponent", rsa(modulus, BigInteger.valueOf(65535))},
            {"exponent", rsa(modulus, BigInteger.valueOf(65538))},
            {"point", ec("P-256", "ES256", x, y.add(BigInteger.ONE), 32)},
            {"point", ec("P-256", "ES256", BigInteger.ZERO, BigInteger.ZERO, 32)},
            // On the curve modulo p, and yet no coordinate.
            {"malformed", ec("P-256", "ES256", x.add(p256), y, 33)},
            {"malformed", ec("P-256", "ES256", x, y.add(p256), 33)},
        };
        for (String[] row : written) {
            rows.add(row);
        }
        return rows;
    }

    @Test
    void anExponentOfMoreThan64BitsIsRefused() {
        // By us or, before that, by the JDK, which has the same limit for long keys.
        BigInteger modulus = ((RSAPublicKey) ISSUER.pair("k1").getPublic()).getModulus();

        KeySetRead.Done done = done(rsa(modulus, BigInteger.ONE.shiftLeft(64).add(BigInteger.ONE)), K2);

        assertEquals(Set.of("k2"), done.keys().keySet());
    }

    private static ECPublicKey ecKey(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return (ECPublicKey) generator.generateKeyPair().getPublic();
    }

    private static String rsa(BigInteger modulus, BigInteger exponent) {
        return "{\"kid\":\"k1\",\"kty\":\"RSA\",\"n\":\"" + number(modulus, 0) + "\",\"e\":\"" + number(exponent, 0)
                + "\"}";
    }

    private static String ec(String curve, String algorithm, BigInteger x, BigInteger y, int length) {
        return "{\"kid\":\"x\",\"kty\":\"EC\",\"crv\":\"" + curve + "\",\"alg\":\"" + algorithm + "\",\"x\":\""
                + number(x, length) + "\",\"y\":\"" + number(y, length) + "\"}";
    }

    private static String number(BigInteger value, int length) {
        byte[] bytes = value.toByteArray();
        int significant = bytes[0] == 0 && bytes.length > 1 ? bytes.length - 1 : bytes.length;
        byte[] fixed = new byte[Math.max(length, significant)];
        System.arraycopy(bytes, bytes.length - significant, fixed, fixed.length - significant, significant);
        return TestIssuer.base64(fixed);
    }

    private static String set(String... entries) {
        return "{\"keys\":[" + String.join(",", entries) + "]}";
    }

    private static KeySetRead read(String body) {
        return JwksDocument.read(body.getBytes(StandardCharsets.UTF_8));
    }

    private static KeySetRead.Done done(String... entries) {
        return assertInstanceOf(KeySetRead.Done.class, read(set(entries)));
    }

    private static SigningKey key(String keyId, KeySetRead.Done done) {
        return assertInstanceOf(SigningKey.class, done.keys().get(keyId));
    }

    private static void assertFailed(ReadFailure reason, KeySetRead read) {
        assertEquals(reason, assertInstanceOf(KeySetRead.Failed.class, read).reason());
    }
}
