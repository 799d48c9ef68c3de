// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.SessionIdentity;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which token cookies count, row by row. A, B, C and D stand for generations; a row's cookies are separated by spaces. */
class GenerationsTest {

    @ParameterizedTest
    @CsvSource({
        // Before the first sign-out, and for who keeps a token but no other cookie, every token counts.
        "'', '', alive",
        "'', 0, alive",
        "'', A, alive",
        "'', junk, alive",
        // After it, only what was given since.
        "A, A, alive",
        "A, B, dead",
        "A, 0, dead",
        "A, '', dead",
        "A, junk, dead",
        "A, AA, dead",
        // Several of one name: each generation must be named, by whichever twin.
        "A B, A.B, alive",
        "A B, B.A, alive",
        "A B, A B, alive",
        "A A, A, alive",
        "A, A B, alive",
        "A B, A, dead",
        "A B, B, dead",
        "A B C, A.B.C, alive",
        "A B C D, A.B.C, dead",
        "A B C D, A.B.C.D, alive",
        "A B C D E, A.B.C.D, dead",
        "A B C D E, A.B.C.D.E, dead",
        // What we cannot have written is as good as absent, on both sides.
        "junk, '', alive",
        "junk, B, alive",
        "0, B, alive",
        "A., B, alive",
        "A junk, A, alive",
        "A junk, junk, dead",
        "junk A, B, dead",
        "A, A.junk, dead",
        "A, A., dead",
        "A, A.A, alive"
    })
    void sayWhetherTheTokenCounts(String generations, String twins, String verdict) {
        assertEquals(verdict.equals("dead"), read(generations, twins).tokenIsDead());
    }

    @ParameterizedTest
    @CsvSource({"'', false", "junk, false", "A., false", "0, true", "A, true", "A.B.C.D, true", "A.B.C.D.E, false"})
    void knowATwinByItsForm(String twins, boolean sent) {
        assertEquals(sent, read("", twins).twinSent());
    }

    @Test
    void nameInTheTwinWhatTheRequestCarried() {
        assertEquals("0", read("", "").twin());
        assertEquals("0", read("junk", "A").twin());
        assertEquals(value("A"), read("A", "B").twin());
        assertEquals(
                Set.of(value("A"), value("B")), Set.of(read("A B", "").twin().split("\\.")));
        assertTrue(read("A B C D E", "").twin().length() < 100);
        assertEquals(value("F"), read("", "B").twinWith(value("F")));
        assertEquals(value("F") + "." + value("A"), read("A", "B").twinWith(value("F")));
        assertTrue(read("A B C D", "").twinWith(value("F")).startsWith(value("F") + "."));
        assertTrue(read("A B C D", "").twinWith(value("F")).length() < 100);
    }

    @Test
    void keepATokenAliveThatIsGivenInAnswerToThisRequest() {
        for (String generations : List.of("", "A", "A B", "A B C D", "A junk", "junk")) {
            Generations request = read(generations, "");
            List<String> sent = words(generations);
            assertFalse(Generations.of(sent, List.of(request.twin())).tokenIsDead(), generations);
        }
        Generations tooMany = read("A B C D E", "");
        assertTrue(Generations.of(words("A B C D E"), List.of(tooMany.twin())).tokenIsDead());
    }

    @Test
    void afterAChangeDependOnWhatWasThereAndOnWhoComes() {
        String alice = LoginKey.mark(new SessionIdentity("https://issuer.example", "alice", null));
        String bob = LoginKey.mark(new SessionIdentity("https://issuer.example", "bob", null));
        String first = read("", "").after(alice);

        assertEquals(22, first.length());
        assertEquals(first, read("", "B").after(alice));
        assertNotEquals(first, read("", "").after(bob));
        assertNotEquals(first, read("A", "").after(alice));
        assertEquals(read("A B", "").after(alice), read("B A", "").after(alice));
        assertNotEquals(first, Generations.of(List.of(first), List.of()).after(alice));
    }

    @Test
    void areLongAndNeverTheSame() {
        SecureRandom random = new SecureRandom();
        String one = Generations.fresh(random);

        assertEquals(22, one.length());
        assertNotEquals(one, Generations.fresh(random));
        assertFalse(Generations.of(List.of(one), List.of(one)).tokenIsDead());
        assertTrue(Generations.of(List.of(one), List.of()).tokenIsDead());
    }

    @Test
    void ofAnyLengthAreRead() {
        String huge = "A".repeat(100_000);

        assertFalse(Generations.of(List.of(huge), List.of(huge)).tokenIsDead());
        assertTrue(Generations.of(List.of(value("A")), List.of(huge)).tokenIsDead());
        for (int length : new int[] {21, 23}) {
            assertFalse(Generations.of(List.of("x".repeat(length)), List.of()).tokenIsDead());
        }
        assertTrue(Generations.of(List.of("x".repeat(22)), List.of()).tokenIsDead());
    }

    private static Generations read(String generations, String twins) {
        return Generations.of(words(generations), words(twins));
    }

    private static List<String> words(String cookies) {
        return cookies.isEmpty()
                ? List.of()
                : Arrays.stream(cookies.split(" ")).map(GenerationsTest::value).toList();
    }

    private static String value(String letters) {
        return letters.replace("A", "AAAAAAAAAAAAAAAAAAAAA_")
                .replace("B", "BBBBBBBBBBBBBBBBBBBBB-")
                .replace("C", "CCCCCCCCCCCCCCCCCCCCC0")
                .replace("D", "DDDDDDDDDDDDDDDDDDDDDz")
                .replace("E", "EEEEEEEEEEEEEEEEEEEEE9")
                .replace("F", "FFFFFFFFFFFFFFFFFFFFF_");
    }
}
