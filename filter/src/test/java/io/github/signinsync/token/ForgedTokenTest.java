// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

import static io.github.signinsync.token.Tokens.HEADER;
import static io.github.signinsync.token.Tokens.IDP;
import static io.github.signinsync.token.Tokens.ISS;
import static io.github.signinsync.token.Tokens.base64;
import static io.github.signinsync.token.Tokens.outcome;
import static io.github.signinsync.token.Tokens.payload;
import static io.github.signinsync.token.Tokens.token;
import static io.github.signinsync.token.Tokens.withHeader;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.testing.TestIssuer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forgeries: what a stranger can send who has no signing key. Rows A01 to A12 of the case table. */
class ForgedTokenTest {

    private static final TestIssuer ATTACKER = TestIssuer.create(ISS);

    /** What every row borders on. */
    @Test
    void baseTokenIsValid() {
        assertEquals("VALID", outcome(token()));
        assertEquals("VALID", outcome(IDP.sign("e1", IDP.header("e1"), payload())));
    }

    @DisplayName("A01 alg none and its spellings are refused")
    @ParameterizedTest
    @ValueSource(strings = {"none", "nOnE", "rs256", "RS256 ", "PS256", ""})
    void otherSpellingsOfTheAlgorithmAreRefused(String alg) {
        assertEquals("ALGORITHM", outcome(withHeader("k1", "{\"alg\":\"" + alg + "\",\"kid\":\"k1\"}")));
        assertEquals("VALID", outcome(withHeader("k1", "{\"alg\":\"RS256\",\"kid\":\"k1\"}")));
    }

    @DisplayName("A01 alg none with an empty signature is refused")
    @ParameterizedTest
    @ValueSource(strings = {"none", "nOnE"})
    void unsignedTokenIsMalformed(String alg) {
        String header = "{\"alg\":\"" + alg + "\",\"kid\":\"k1\"}";
        assertEquals("MALFORMED", outcome(base64(header) + "." + base64(payload()) + "."));
    }

    @DisplayName("A02 a MAC keyed with the public key is refused")
    @ParameterizedTest
    @MethodSource("publicKeyTexts")
    void macWithThePublicKeyIsRefused(byte[] macKey) throws GeneralSecurityException {
        String signed = base64("{\"alg\":\"HS256\",\"kid\":\"k1\",\"typ\":\"JWT\"}") + "." + base64(payload());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(macKey, "HmacSHA256"));
        String forged = signed + "." + TestIssuer.base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        assertEquals("ALGORITHM", outcome(forged));
    }

    static Stream<byte[]> publicKeyTexts() {
        byte[] der = IDP.pair("k1").getPublic().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END PUBLIC KEY-----";
        return Stream.of(
                der, pem.getBytes(StandardCharsets.US_ASCII), (pem + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    @DisplayName("A03 alg missing, a number, an array is refused")
    @ParameterizedTest
    @ValueSource(strings = {"", "\"alg\":256,", "\"alg\":[\"RS256\"],", "\"alg\":{},"})
    void algorithmOfTheWrongKindIsRefused(String member) {
        assertEquals("ALGORITHM", outcome(withHeader("k1", "{" + member + "\"kid\":\"k1\"}")));
        assertEquals("VALID", outcome(withHeader("k1", "{\"alg\":\"RS256\",\"kid\":\"k1\"}")));
    }

    @DisplayName("A03 an empty header is refused")
    @Test
    void emptyHeaderIsRefused() {
        assertEquals("ALGORITHM", outcome(withHeader("k1", "{}")));
    }

    @DisplayName("A04 tampering: another payload under an old signature")
    @Test
    void otherPayloadUnderAnOldSignatureIsRefused() {
        String[] good = token().split("\\.", -1);
        assertEquals("VALID", outcome(String.join(".", good)));
        assertEquals("SIGNATURE", outcome(good[0] + "." + base64(payload("sub", "\"admin\"")) + "." + good[2]));
    }

    @DisplayName("A04 tampering: signature empty, short, of another key")
    @Test
    void signatureThatIsEmptyShortOrOfAnotherKeyIsRefused() {
        String signed = base64(HEADER) + "." + base64(payload());
        assertEquals("MALFORMED", outcome(signed + "."));
        assertEquals("SIGNATURE", outcome(signed + ".AAAA"));
        assertEquals("SIGNATURE", outcome(withHeader("k2", HEADER)));
        assertEquals("VALID", outcome(withHeader("k1", HEADER)));
    }

    @DisplayName("A05 header or payload that is no object is refused")
    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "1", "\"x\"", "[]", "[{}]", " ", "x"})
    void segmentThatIsNoObjectIsMalformed(String json) {
        assertEquals("MALFORMED", outcome(withHeader("k1", json)));
        assertEquals("MALFORMED", outcome(IDP.sign("k1", HEADER, json)));
    }

    @DisplayName("A05 the header bnVsbA is refused")
    @Test
    void nullHeaderIsMalformed() {
        assertEquals("MALFORMED", outcome("bnVsbA." + base64(payload()) + ".AAAA"));
    }

    @DisplayName("A06 anything but three segments with something in them is refused")
    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b", "...", "e30.e30", "e30..AAAA", ".e30.AAAA", "e30.e30."})
    void otherNumberOfSegmentsIsMalformed(String text) {
        assertEquals("MALFORMED", outcome(text));
    }

    @DisplayName("A06 four and five segments and 200 dots are refused")
    @Test
    void moreSegmentsAreMalformed() {
        assertEquals("VALID", outcome(token()));
        assertEquals("MALFORMED", outcome(token() + ".AAAA"));
        assertEquals("MALFORMED", outcome(token() + ".AAAA.AAAA"));
        assertEquals("MALFORMED", outcome(".".repeat(200)));
    }

    @DisplayName("A07 bytes outside the alphabet are refused")
    @ParameterizedTest
    @ValueSource(
            strings = {
                " %s",
                "%s\n",
                "\"%s\"",
                "Bearer %s",
                "%s ",
                "%s\u0000",
                "%s=",
                "%s\u00e9",
                "%s\uff21",
                "%s+",
                "%s/"
            })
    void charactersOutsideTheAlphabetAreMalformed(String frame) {
        assertEquals("MALFORMED", outcome(frame.formatted(token())));
    }

    @DisplayName("A07 the ordinary base64 alphabet is refused")
    @Test
    void ordinaryBase64IsMalformed() {
        // Three question marks and three tildes make "Pz8_fn5-", which has both characters that differ.
        String good = token("note", "\"xx???~~~\"");
        assertEquals("VALID", outcome(good));
        assertTrue(good.contains("_") || good.contains("-"));
        assertEquals("MALFORMED", outcome(good.replace('-', '+').replace('_', '/')));
    }

    @DisplayName("A07 a flattened JSON JWS is refused")
    @Test
    void jsonSerializationIsMalformed() {
        String[] part = token().split("\\.", -1);
        String json = "{\"protected\":\"%s\",\"payload\":\"%s\",\"signature\":\"%s\"}";
        assertEquals("MALFORMED", outcome(json.formatted(part[0], part[1], part[2])));
    }

    @DisplayName("A08 signature malleability: unused bits and padding")
    @ParameterizedTest
    @ValueSource(strings = {"k1", "e1"})
    void tokenHasNoSecondSpelling(String kid) {
        String good = IDP.sign(kid, IDP.header(kid), payload());
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int last = alphabet.indexOf(good.charAt(good.length() - 1));
        assertEquals(0, last % 16, "256 and 64 bytes leave four bits unused");
        assertEquals("VALID", outcome(good));
        for (int unused = 1; unused < 16; unused++) {
            String respelt = good.substring(0, good.length() - 1) + alphabet.charAt(last + unused);
            assertEquals("MALFORMED", outcome(respelt));
        }
        assertEquals("MALFORMED", outcome(good + "=="));
        assertEquals("MALFORMED", outcome(good + "="));
        assertEquals("SIGNATURE", outcome(good + "A"), "canonical, but of another length");
    }

    @DisplayName("A08 unused bits of header and payload are refused too")
    @ParameterizedTest
    @CsvSource({"e30,e31", "e30,e32", "e30,e33", "e30g,e30gA", "e30gIA,e30gIB", "e30gIA,e30gIP"})
    void segmentsHaveNoSecondSpelling(String canonical, String other) {
        assertEquals("ALGORITHM", outcome(canonical + ".e30.AAAA"), "well-formed, but says nothing");
        assertEquals("MALFORMED", outcome(other + ".e30.AAAA"));
        assertEquals("MALFORMED", outcome("e30." + other + ".AAAA"));
    }

    @DisplayName("A09 deep JSON is refused quickly")
    @ParameterizedTest
    @CsvSource({"1000,MALFORMED", "50000,TOO_LONG"})
    void deepJsonIsRefusedInNoTime(int depth, String reason) {
        String deep = "{\"x\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
        String text = base64(HEADER) + "." + base64(deep) + ".AAAA";
        // Processor time of this thread: a busy machine does not make us slow.
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long start = threads.getCurrentThreadCpuTime();
            assertEquals(reason, outcome(text));
            fastest = Math.min(fastest, threads.getCurrentThreadCpuTime() - start);
        }
        assertTrue(fastest < 100_000_000, "nanoseconds: " + fastest);
    }

    @DisplayName("A09 twenty levels pass, twenty-one do not")
    @ParameterizedTest
    @CsvSource({"18,VALID", "19,VALID", "20,MALFORMED"})
    void depthHasALimit(int arrays, String expected) {
        assertEquals(expected, outcome(token("x", "[".repeat(arrays) + "]".repeat(arrays))));
    }

    @DisplayName("A10 psychic signatures are refused")
    @Test
    void signatureOfZeroesIsRefused() {
        BigInteger order =
                ((ECPublicKey) IDP.pair("e1").getPublic()).getParams().getOrder();
        BigInteger zero = BigInteger.ZERO;
        BigInteger one = BigInteger.ONE;
        assertEquals("SIGNATURE", outcome(es256(zero, zero)));
        assertEquals("SIGNATURE", outcome(es256(zero, one)));
        assertEquals("SIGNATURE", outcome(es256(one, zero)));
        assertEquals("SIGNATURE", outcome(es256(order, one)));
        assertEquals("SIGNATURE", outcome(es256(one, order)));
        assertEquals("SIGNATURE", outcome(es256(order, order)));
    }

    private static String es256(BigInteger r, BigInteger s) {
        byte[] signature = new byte[64];
        copy(r, signature, 32);
        copy(s, signature, 64);
        return base64(IDP.header("e1")) + "." + base64(payload()) + "." + TestIssuer.base64(signature);
    }

    private static void copy(BigInteger value, byte[] target, int end) {
        byte[] bytes = value.toByteArray();
        int length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, target, end - length, length);
    }

    @DisplayName("A10 a good signature in DER form is refused")
    @Test
    void derSignatureIsRefused() throws GeneralSecurityException {
        String signed = base64(IDP.header("e1")) + "." + base64(payload());
        Signature der = Signature.getInstance("SHA256withECDSA");
        der.initSign(IDP.pair("e1").getPrivate());
        der.update(signed.getBytes(StandardCharsets.US_ASCII));
        assertEquals("SIGNATURE", outcome(signed + "." + TestIssuer.base64(der.sign())));
        byte[] jose = IDP.signature("e1", signed.getBytes(StandardCharsets.US_ASCII));
        assertEquals("VALID", outcome(signed + "." + TestIssuer.base64(jose)));
    }

    @DisplayName("A11 a key the token brings along is never used")
    @Test
    void keyInTheTokenIsNotRead() {
        String withKey = "{\"alg\":\"RS256\",\"kid\":\"k1\",\"jwk\":" + ATTACKER.jwk("k1") + "}";
        assertEquals("SIGNATURE", outcome(ATTACKER.sign("k1", withKey, payload())));
        assertEquals("VALID", outcome(IDP.sign("k1", withKey, payload())), "the issuer's own token may carry one");
    }

    @DisplayName("A11 no address in the token is ever called")
    @ParameterizedTest
    @ValueSource(strings = {"jku", "x5u", "jwk", "kid"})
    void addressInTheTokenIsNotCalled(String member) throws Exception {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            listener.configureBlocking(false);
            String url = "\"http://127.0.0.1:" + listener.socket().getLocalPort() + "/keys\"";
            String header = member.equals("kid")
                    ? "{\"alg\":\"RS256\",\"kid\":" + url + "}"
                    : "{\"alg\":\"RS256\",\"kid\":\"k1\",\"" + member + "\":" + url + "}";
            String forged = ATTACKER.sign("k1", header, payload());
            assertEquals(member.equals("kid") ? "UNKNOWN_KEY" : "SIGNATURE", outcome(forged));
            assertNull(listener.accept(), "somebody called");
        }
    }

    @DisplayName("A12 key ids with a mind of their own are refused")
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "`../../x`,UNKNOWN_KEY",
                "`' OR 1=1--`,UNKNOWN_KEY",
                "`K1`,UNKNOWN_KEY",
                "` k1`,UNKNOWN_KEY",
                "`null-kid`,UNKNOWN_KEY",
                "`a\\r\\nb`,HEADER",
                "`k1\\u0000`,HEADER",
                "`k1\\u0085`,HEADER",
                "``,HEADER",
                "`k1`,VALID"
            })
    void keyIdIsOnlyEverLookedUp(String kid, String expected) {
        assertEquals(expected, outcome(withHeader("k1", "{\"alg\":\"RS256\",\"kid\":\"" + kid + "\"}")));
    }

    @DisplayName("A12 a key id may have 255 characters")
    @ParameterizedTest
    @CsvSource({"254,UNKNOWN_KEY", "255,UNKNOWN_KEY", "256,HEADER", "5000,HEADER", "10000,TOO_LONG"})
    void keyIdHasALimit(int length, String expected) {
        assertEquals(expected, outcome(withHeader("k1", "{\"alg\":\"RS256\",\"kid\":\"" + "k".repeat(length) + "\"}")));
    }

    @DisplayName("A12 a key id that is missing or no text is refused")
    @ParameterizedTest
    @ValueSource(strings = {"", ",\"kid\":1", ",\"kid\":[\"k1\"]", ",\"kid\":{}", ",\"kid\":true"})
    void keyIdMustBeText(String member) {
        assertEquals("HEADER", outcome(withHeader("k1", "{\"alg\":\"RS256\"" + member + "}")));
    }
}
