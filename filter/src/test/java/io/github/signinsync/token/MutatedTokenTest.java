// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

import static io.github.signinsync.token.Tokens.IDP;
import static io.github.signinsync.token.Tokens.config;
import static io.github.signinsync.token.Tokens.outcome;
import static io.github.signinsync.token.Tokens.payload;
import static io.github.signinsync.token.Tokens.verifier;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Good tokens with one to three random changes: 20,000 of them, the same ones every time. */
class MutatedTokenTest {

    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" + "..=+/ \"\u0000\u00e9\ud83d";

    @ParameterizedTest(name = "{0}: {1} mutations")
    @CsvSource({"k1,17000", "e1,3000"})
    void onlyTheTokenItselfIsAccepted(String kid, int mutations) {
        String good = IDP.sign(kid, IDP.header(kid), payload());
        TokenVerifier verifier = verifier(config());
        Random random = new Random(20261123);
        Map<Rejection, Integer> seen = new EnumMap<>(Rejection.class);
        for (int i = 0; i < mutations; i++) {
            StringBuilder text = new StringBuilder(good);
            for (int change = random.nextInt(3); change >= 0; change--) {
                Mutation.apply(text, ALPHABET, random);
            }
            Verification verification = verifier.verify(text.toString());
            if (verification instanceof Verification.Invalid invalid) {
                seen.merge(invalid.reason(), 1, Integer::sum);
            } else {
                assertEquals(good, text.toString(), verification::toString);
            }
        }
        assertEquals("VALID", outcome(verifier, good));
        assertTrue(seen.keySet().containsAll(Set.of(Rejection.MALFORMED, Rejection.SIGNATURE)), seen::toString);
        assertTrue(!seen.containsKey(Rejection.INTERNAL), seen::toString);
    }
}
