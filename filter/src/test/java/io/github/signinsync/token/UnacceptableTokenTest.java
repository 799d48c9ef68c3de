// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

import static io.github.signinsync.token.Tokens.CLOCK;
import static io.github.signinsync.token.Tokens.HEADER;
import static io.github.signinsync.token.Tokens.IDP;
import static io.github.signinsync.token.Tokens.ISS;
import static io.github.signinsync.token.Tokens.config;
import static io.github.signinsync.token.Tokens.keys;
import static io.github.signinsync.token.Tokens.now;
import static io.github.signinsync.token.Tokens.outcome;
import static io.github.signinsync.token.Tokens.payload;
import static io.github.signinsync.token.Tokens.token;
import static io.github.signinsync.token.Tokens.verifier;
import static io.github.signinsync.token.Tokens.withHeader;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.testing.TestIssuer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that are rightly signed and still not acceptable. Rows B01 to B16 of the case table. */
class UnacceptableTokenTest {

    @Nested
    class Times {

        @DisplayName("B01 a token without exp is refused")
        @ParameterizedTest
        @CsvSource({"-,CLAIMS", "null,CLAIMS"})
        void tokenWithoutExpiryIsInvalid(String exp, String expected) {
            assertEquals(expected, outcome(token("exp", exp)));
            assertEquals("VALID", outcome(token("exp", now(60))));
        }

        @DisplayName("B02 exp of the wrong kind is refused")
        @ParameterizedTest
        @ValueSource(strings = {"\"1900000000\"", "\"x\"", "true", "{}", "[]", "[1900000000]", "-1", "-0.5", "-1e300"})
        void expiryOfTheWrongKindIsInvalid(String exp) {
            assertEquals("CLAIMS", outcome(token("exp", exp)));
        }

        @DisplayName("B02 exp long past")
        @Test
        void expiryLongPastIsExpiredUnlessTheTokenContradictsItself() {
            assertEquals("CLAIMS", outcome(token("exp", "0")), "issued after it expired");
            assertEquals("EXPIRED", outcome(token("exp", "0", "iat", "0")));
            assertEquals("EXPIRED", outcome(token("exp", "0", "iat", "-")));
        }

        @DisplayName("B03 exp beyond the year 9999 is refused")
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "9223372036854775807",
                    "1e18",
                    "1E+300",
                    "9223372036854775808",
                    "99999999999999999999999999999999999999",
                    "253402300800",
                    "253402300799.5"
                })
        void hugeExpiryIsInvalid(String exp) {
            assertEquals("CLAIMS", outcome(token("exp", exp)));
            assertEquals("CLAIMS", outcome(token("nbf", exp)));
            assertEquals("CLAIMS", outcome(token("iat", exp)));
        }

        @DisplayName("B03 exp in the year 9999 is a date, only too late")
        @Test
        void lastDateIsADate() {
            assertEquals("LIFETIME", outcome(token("exp", "253402300799")));
        }

        @DisplayName("B03 numbers that no reader agrees on are refused")
        @ParameterizedTest
        @ValueSource(strings = {"1e400", "-1e400", "NaN", "Infinity", "01", "1.", ".5", "+1", "0x10"})
        void numberThatIsNoneIsMalformed(String exp) {
            assertEquals("MALFORMED", outcome(token("exp", exp)));
        }

        @DisplayName("B04 edges of exp, nbf and iat")
        @ParameterizedTest(name = "{0} = now{1}: {2}")
        @CsvSource({
            "exp,-61,EXPIRED", "exp,-60,EXPIRED", "exp,-59,VALID",
            "nbf,59,VALID", "nbf,60,VALID", "nbf,61,NOT_YET_VALID",
            "iat,59,VALID", "iat,60,VALID", "iat,61,NOT_YET_VALID"
        })
        void edgesAreWhereTheLeewayEnds(String claim, long seconds, String expected) {
            // The other two times must not be what decides.
            String token = claim.equals("exp")
                    ? token("iat", now(-100), "exp", now(seconds))
                    : token("exp", now(600), claim, now(seconds));
            assertEquals(expected, outcome(token));
        }

        @DisplayName("B04 fractions of a second: exp is rounded down, nbf and iat are not")
        @ParameterizedTest(name = "{0} = now{1}: {2}")
        @CsvSource({
            "exp,-60,.999,EXPIRED", "exp,-60,.5,EXPIRED", "exp,-59,.001,VALID",
            "nbf,60,.0,VALID", "nbf,60,.5,NOT_YET_VALID", "nbf,59,.999,VALID",
            "iat,60,.0,VALID", "iat,60,.5,NOT_YET_VALID", "iat,59,.999,VALID"
        })
        void fractionsAreNumbersToo(String claim, long seconds, String fraction, String expected) {
            String value = now(seconds) + fraction;
            String token =
                    claim.equals("exp") ? token("iat", now(-100), "exp", value) : token("exp", now(600), claim, value);
            assertEquals(expected, outcome(token));
        }

        @DisplayName("B04 nbf and iat of the wrong kind are refused, absent ones are not")
        @ParameterizedTest
        @CsvSource({"-,VALID", "0,VALID", "true,CLAIMS", "\"1\",CLAIMS", "{},CLAIMS", "[],CLAIMS", "-1,CLAIMS"})
        void otherTimesAreOptionalButNumbers(String json, String expected) {
            assertEquals(expected, outcome(token("nbf", json)));
            // An iat of 0 makes a life of decades.
            assertEquals(json.equals("0") ? "LIFETIME" : expected, outcome(token("iat", json)));
        }
    }

    @Nested
    class Lifetime {

        private final TokenVerifier oneHour = verifier(config().maxTokenLife(Duration.ofHours(1)));

        @DisplayName("B05 exp may be as far from now as the cap plus leeway")
        @ParameterizedTest
        @CsvSource({"3659,VALID", "3660,VALID", "3661,LIFETIME"})
        void expiryIsNeverFarFromNow(long seconds, String expected) {
            assertEquals(expected, outcome(oneHour, token("exp", now(seconds))));
            assertEquals(expected, outcome(oneHour, token("exp", now(seconds), "iat", "-")));
            assertEquals(expected, outcome(oneHour, token("exp", now(seconds), "iat", now(60))));
        }

        @DisplayName("B05 exp may be as far from iat as the cap plus leeway")
        @ParameterizedTest
        @CsvSource({"-3599,VALID", "-3600,VALID", "-3601,LIFETIME"})
        void lifeIsCountedFromIssueToo(long issuedAt, String expected) {
            assertEquals(expected, outcome(oneHour, token("iat", now(issuedAt), "exp", now(60))));
        }

        @DisplayName("B05 a token made for too long a life is refused, not expired, in the end")
        @Test
        void overlongTokenIsNeverMerelyExpired() {
            assertEquals("LIFETIME", outcome(oneHour, token("iat", now(-7200), "exp", now(-3000))));
            assertEquals("EXPIRED", outcome(oneHour, token("iat", now(-6600), "exp", now(-3000))));
        }

        @DisplayName("B05 the default cap is a day")
        @ParameterizedTest
        @CsvSource({"86459,VALID", "86460,VALID", "86461,LIFETIME"})
        void defaultCapIsADay(long seconds, String expected) {
            assertEquals(expected, outcome(token("exp", now(seconds))));
        }

        @DisplayName("B05 iat after exp is a contradiction")
        @ParameterizedTest
        @CsvSource({"19,VALID", "20,VALID", "21,CLAIMS"})
        void tokenIsNotIssuedAfterItExpires(long issuedAt, String expected) {
            assertEquals(expected, outcome(token("iat", now(issuedAt), "exp", now(20))));
        }
    }

    @Nested
    class Names {

        @DisplayName("B06 sub must be text")
        @ParameterizedTest
        @ValueSource(strings = {"123", "-", "null", "\"\"", "\" \"", "true", "{}", "[]", "[\"alice\"]", "1.5"})
        void subjectOfTheWrongKindIsInvalid(String sub) {
            assertEquals("CLAIMS", outcome(token("sub", sub)));
            assertEquals("VALID", outcome(token("sub", "\"123\"")));
        }

        @DisplayName("B06 sub and sid have 1 to 255 characters")
        @ParameterizedTest
        @CsvSource({"1,VALID", "254,VALID", "255,VALID", "256,CLAIMS"})
        void namesHaveALimit(int length, String expected) {
            String name = "\"" + "n".repeat(length) + "\"";
            assertEquals(expected, outcome(token("sub", name)));
            assertEquals(expected, outcome(token("sid", name)));
        }

        @DisplayName("B06 control characters in sub and sid are refused, others kept")
        @ParameterizedTest
        @CsvSource({
            "a\\u0000b,CLAIMS",
            "a\\r\\nb,CLAIMS",
            "a\\u001fb,CLAIMS",
            "a\\u0020b,VALID",
            "a\\u007eb,VALID",
            "a\\u007fb,CLAIMS",
            "a\\u009fb,CLAIMS",
            "a\\u00a0b,VALID",
            "a\\\"b,VALID",
            "ä→😀,VALID",
            "\\ud83d\\ude00,VALID",
            "\\ud83d,MALFORMED",
            "\\ude00\\ud83d,MALFORMED"
        })
        void controlCharactersAreRefused(String name, String expected) {
            assertEquals(expected, outcome(token("sub", "\"" + name + "\"")));
            assertEquals(expected, outcome(token("sid", "\"" + name + "\"")));
        }

        @DisplayName("B06 sub is never trimmed")
        @Test
        void subjectIsTakenAsItIs() {
            var valid = assertInstanceOf(
                    Verification.Valid.class, verifier(config()).verify(token("sub", "\" alice \"", "sid", "\" s \"")));
            assertEquals(" alice ", valid.token().identity().subject());
            assertEquals(" s ", valid.token().identity().sessionId());
        }

        @DisplayName("B06 sid may be absent, but is text")
        @ParameterizedTest
        @CsvSource({"-,VALID", "null,VALID", "\"\",CLAIMS", "1,CLAIMS", "[],CLAIMS", "{},CLAIMS", "false,CLAIMS"})
        void sessionIdIsOptional(String sid, String expected) {
            assertEquals(expected, outcome(token("sid", sid)));
        }

        @DisplayName("B07 iss is compared character by character")
        @ParameterizedTest
        @CsvSource({
            "\"https://idp.example\",VALID",
            "-,ISSUER",
            "null,ISSUER",
            "\"\",ISSUER",
            "\"https://idp.example/\",ISSUER",
            "\"https://other.example\",ISSUER",
            "\"https://IDP.example\",ISSUER",
            "\"https://idp.example \",ISSUER",
            "1,ISSUER",
            "[\"https://idp.example\"],ISSUER"
        })
        void issuerIsExact(String iss, String expected) {
            assertEquals(expected, outcome(token("iss", iss)));
        }

        @DisplayName("B07 an alias issuer is as good, and is the identity's issuer")
        @Test
        void aliasIssuerIsAccepted() {
            TokenVerifier verifier = verifier(config().issuer(ISS, "https://proxy.example"));
            assertEquals("VALID", outcome(verifier, token()));
            var valid = assertInstanceOf(
                    Verification.Valid.class, verifier.verify(token("iss", "\"https://proxy.example\"")));
            assertEquals("https://proxy.example", valid.token().identity().issuer());
        }
    }

    @Nested
    class Audience {

        @DisplayName("B08 aud, when configured, must name us")
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "\"app\"|VALID",
                    "\"1\"|VALID",
                    "[\"app\"]|VALID",
                    "[\"other\",\"app\"]|VALID",
                    "\"other\"|AUDIENCE",
                    "\"APP\"|AUDIENCE",
                    "\"app,other\"|AUDIENCE",
                    "[\"other\",\"another\"]|AUDIENCE",
                    "[]|AUDIENCE",
                    "-|AUDIENCE",
                    "null|AUDIENCE",
                    "[1]|CLAIMS",
                    "1|CLAIMS",
                    "[\"app\",1]|CLAIMS",
                    "[[\"app\"]]|CLAIMS",
                    "{\"app\":\"app\"}|CLAIMS",
                    "true|CLAIMS"
                })
        void audienceMustNameUs(String aud, String expected) {
            assertEquals(expected, outcome(verifier(config().audience("app", "1")), token("aud", aud)));
        }

        @DisplayName("B08 aud, when not configured, may name anybody, but properly")
        @ParameterizedTest
        @CsvSource({"-,VALID", "\"other\",VALID", "[],VALID", "[1],CLAIMS", "1,CLAIMS", "{},CLAIMS"})
        void audienceIsUncheckedUnlessSet(String aud, String expected) {
            assertEquals(expected, outcome(token("aud", aud)));
        }

        @DisplayName("B08 azp, when configured, must be on the list")
        @ParameterizedTest
        @CsvSource({
            "\"https://app.example\",VALID",
            "\"https://two.example\",VALID",
            "\"https://app.example/\",AUDIENCE",
            "\"https://evil.example\",AUDIENCE",
            "\"\",AUDIENCE",
            "-,AUDIENCE",
            "null,AUDIENCE",
            "1,CLAIMS",
            "[\"https://app.example\"],CLAIMS"
        })
        void authorizedPartyMustBeListed(String azp, String expected) {
            SigninSyncConfig.Builder config = config().authorizedParties("https://app.example", "https://two.example");
            assertEquals(expected, outcome(verifier(config), token("azp", azp)));
        }

        @DisplayName("B08 aud and azp must both hold when both are configured")
        @ParameterizedTest
        @CsvSource({"app,party,VALID", "app,x,AUDIENCE", "x,party,AUDIENCE"})
        void bothAreAsked(String aud, String azp, String expected) {
            TokenVerifier verifier = verifier(config().audience("app").authorizedParties("party"));
            assertEquals(expected, outcome(verifier, token("aud", "\"" + aud + "\"", "azp", "\"" + azp + "\"")));
        }

        @DisplayName("B08 an expired token for somebody else is invalid, not expired")
        @Test
        void expiredMeansAcceptableInEveryOtherWay() {
            TokenVerifier verifier = verifier(config().audience("app"));
            assertEquals("EXPIRED", outcome(verifier, token("aud", "\"app\"", "iat", "-", "exp", now(-600))));
            assertEquals("AUDIENCE", outcome(verifier, token("aud", "\"other\"", "iat", "-", "exp", now(-600))));
        }
    }

    @Nested
    class Headers {

        @DisplayName("B09 crit, b64, zip and cty are refused")
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "\"crit\":[\"exp\"]",
                    "\"crit\":[]",
                    "\"crit\":1",
                    "\"crit\":[\"b64\"],\"b64\":false",
                    "\"b64\":false",
                    "\"b64\":true",
                    "\"zip\":\"DEF\"",
                    "\"cty\":\"JWT\""
                })
        void memberWeDoNotSupportIsRefused(String member) {
            assertEquals("HEADER", outcome(withHeader("k1", "{\"alg\":\"RS256\",\"kid\":\"k1\"," + member + "}")));
            String unknown = "{\"alg\":\"RS256\",\"kid\":\"k1\",\"x-note\":" + "\"" + member.length() + "\"}";
            assertEquals("VALID", outcome(withHeader("k1", unknown)));
        }

        @DisplayName("B10 typ is absent or JWT")
        @ParameterizedTest
        @CsvSource({
            "\"JWT\",VALID",
            "\"jwt\",VALID",
            "\"Jwt\",VALID",
            "\"at+jwt\",HEADER",
            "\"logout+jwt\",HEADER",
            "\"dpop+jwt\",HEADER",
            "\"application/jwt\",HEADER",
            "\"JWT \",HEADER",
            "\"\",HEADER",
            "[\"JWT\"],HEADER",
            "1,HEADER"
        })
        void typeIsOrdinary(String typ, String expected) {
            assertEquals(expected, outcome(withHeader("k1", "{\"alg\":\"RS256\",\"kid\":\"k1\",\"typ\":" + typ + "}")));
        }

        @DisplayName("A03 B09 B10 a header member that is null is not as good as absent")
        @ParameterizedTest
        @ValueSource(strings = {"alg", "kid", "typ", "crit", "b64", "zip", "cty", "enc", "x-note"})
        void nullInTheHeaderIsMalformed(String name) {
            String rest = name.equals("alg") ? "\"kid\":\"k1\"" : "\"alg\":\"RS256\"";
            rest += name.equals("kid") || name.equals("alg") ? "" : ",\"kid\":\"k1\"";

            assertEquals("MALFORMED", outcome(withHeader("k1", "{" + rest + ",\"" + name + "\":null}")));
            assertEquals("VALID", outcome(withHeader("k1", "{\"alg\":\"RS256\",\"kid\":\"k1\"}")));
        }

        @DisplayName("B10 typ may be absent")
        @Test
        void typeMayBeAbsent() {
            assertEquals("VALID", outcome(withHeader("k1", "{\"alg\":\"RS256\",\"kid\":\"k1\"}")));
        }

        @DisplayName("B11 a member that comes twice is refused")
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"k1\"}",
                    "{\"alg\":\"RS256\",\"kid\":\"k2\",\"kid\":\"k1\"}",
                    "{\"alg\":\"RS256\",\"kid\":\"k1\",\"\\u0061lg\":\"none\"}",
                    "{\"alg\":\"RS256\",\"kid\":\"k1\",\"x\":{\"y\":1,\"y\":1}}",
                    "{\"alg\":\"RS256\",\"alg\":null,\"kid\":\"k1\"}"
                })
        void headerMemberTwiceIsMalformed(String header) {
            assertEquals("MALFORMED", outcome(withHeader("k1", header)));
            assertEquals("VALID", outcome(withHeader("k1", "{\"\\u0061lg\":\"RS256\",\"kid\":\"k1\"}")));
        }

        @DisplayName("B11 a claim that comes twice is refused")
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "\"sub\":\"admin\"",
                    "\"sub\":\"alice\"",
                    "\"s\\u0075b\":\"admin\"",
                    "\"sub\":null",
                    "\"x\":{\"a\":1,\"\\u0061\":2}",
                    "\"x\":[[{\"a\":1,\"a\":1}]]"
                })
        void claimTwiceIsMalformed(String member) {
            assertEquals("MALFORMED", outcome(IDP.sign("k1", HEADER, payload().replace("}", "," + member + "}"))));
            String once = ",\"x\":{\"a\":1,\"A\":2}}";
            assertEquals("VALID", outcome(IDP.sign("k1", HEADER, payload().replace("}", once))));
        }

        @DisplayName("B12 text after the JSON is refused, white space is not")
        @ParameterizedTest
        @CsvSource(
                quoteCharacter = '`',
                ignoreLeadingAndTrailingWhitespace = false,
                value = {
                    "}}x,MALFORMED",
                    "},MALFORMED",
                    "{},MALFORMED",
                    " x,MALFORMED",
                    "`,`,MALFORMED",
                    "null,MALFORMED",
                    "`\u0000`,MALFORMED",
                    "` `,VALID",
                    "`\n\t`,VALID"
                })
        void tailIsMalformed(String tail, String expected) {
            assertEquals(expected, outcome(withHeader("k1", HEADER + tail)));
            assertEquals(expected, outcome(IDP.sign("k1", HEADER, payload() + tail)));
        }

        @DisplayName("B13 the algorithm must fit the key")
        @ParameterizedTest
        @CsvSource({"RS256,k1,VALID", "RS256,e1,ALGORITHM", "ES256,k1,ALGORITHM", "ES256,e1,VALID"})
        void algorithmMustFitTheKey(String alg, String kid, String expected) {
            assertEquals(expected, outcome(withHeader(kid, "{\"alg\":\"" + alg + "\",\"kid\":\"" + kid + "\"}")));
        }
    }

    @Nested
    class Claims {

        @DisplayName("B14 a claim that is null is absent")
        @Test
        void nullIsAbsent() {
            Map<String, Object> claims =
                    claims(token("roles", "null", "org", "{\"roles\":null,\"id\":1}", "l", "[null,1]"));
            assertFalse(claims.containsKey("roles"));
            assertEquals(Map.of("id", 1L), claims.get("org"));
            assertEquals(List.of(1L), claims.get("l"));
        }

        @DisplayName("B15 a huge date among other claims stays the number it is")
        @Test
        void hugeNumberStaysTheNumberItIs() {
            assertEquals(
                    900000000000000000L,
                    claims(token("auth_time", "900000000000000000")).get("auth_time"));
            assertEquals(9e17, claims(token("auth_time", "9e17")).get("auth_time"));
        }

        @DisplayName("B16 each issuer has keys of its own")
        @Test
        void keyOfAnotherIssuerIsWorthNothing() {
            TestIssuer other = TestIssuer.create("https://other.example");
            assertEquals("SIGNATURE", outcome(other.sign("k1", HEADER, payload())), "ours by name, signed by theirs");
            assertEquals("ISSUER", outcome(other.sign("k1", HEADER, payload("iss", "\"https://other.example\""))));

            TokenVerifier theirs = new TokenVerifier(
                    SigninSyncConfig.builder().issuer(other.issuer()).build().token(), keys(other), CLOCK);
            String theirToken = other.sign("k1", HEADER, payload("iss", "\"https://other.example\""));
            assertEquals("VALID", outcome(theirs, theirToken));
            assertEquals("SIGNATURE", outcome(theirs, token("iss", "\"https://other.example\"")));
        }

        private Map<String, Object> claims(String token) {
            return assertInstanceOf(Verification.Valid.class, verifier(config()).verify(token))
                    .token()
                    .claims();
        }
    }
}
