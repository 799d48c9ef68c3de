// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.signinsync.SessionIdentity;
import io.github.signinsync.SessionPrincipal;
import io.github.signinsync.token.VerifiedTokens;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Name and roles, claim by claim. */
class PrincipalMapperTest {

    private static final SessionIdentity ALICE = new SessionIdentity("https://i", "alice", "s1");

    static Stream<Arguments> names() {
        return Stream.of(
                Arguments.of("email", Map.of("email", "a@example.com"), "a@example.com"),
                Arguments.of("email", Map.of(), "alice"),
                Arguments.of("email", Map.of("email", ""), "alice"),
                Arguments.of("email", Map.of("email", " \t"), "alice"),
                Arguments.of("email", Map.of("email", 7L), "alice"),
                Arguments.of("email", Map.of("email", List.of("a@example.com")), "alice"),
                Arguments.of("profile.name", Map.of("profile", Map.of("name", "Alice")), "Alice"),
                Arguments.of("a.b.c", Map.of("a", Map.of("b", Map.of("c", "Alice"))), "Alice"),
                Arguments.of("a.b.c", Map.of("a", Map.of("b.c", "Alice")), "Alice"),
                Arguments.of("a.b.c", Map.of("a", Map.of("b", "Alice")), "alice"),
                Arguments.of("a.b", Map.of("a", "Alice"), "alice"),
                Arguments.of(
                        "https://x.example/name",
                        Map.of("https://x.example/name", "Whole", "https://x", Map.of("example/name", "Path")),
                        "Whole"),
                Arguments.of(".name", Map.of("", Map.of("name", "Alice")), "Alice"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void theNameIsTheClaimWhereThatIsTextAndTheSubjectOtherwise(String claim, Map<String, Object> claims, String name) {
        assertEquals(
                name,
                principal(new PrincipalMapper(claim, "roles", null), claims).getName());
    }

    static Stream<Arguments> roles() {
        return Stream.of(
                Arguments.of(List.of("admin", "editor"), Set.of("admin", "editor")),
                Arguments.of(List.of("admin", "admin"), Set.of("admin")),
                Arguments.of(List.of("two words"), Set.of("two words")),
                Arguments.of(List.of("admin", 1L, "", " ", List.of("x")), Set.of("admin")),
                Arguments.of(List.of(), Set.of()),
                Arguments.of("admin", Set.of("admin")),
                Arguments.of("  admin \t editor\n", Set.of("admin", "editor")),
                Arguments.of("", Set.of()),
                Arguments.of(" ", Set.of()),
                Arguments.of("admin,editor", Set.of("admin,editor")),
                Arguments.of(true, Set.of()),
                Arguments.of(Map.of("admin", true), Set.of()));
    }

    @ParameterizedTest
    @MethodSource("roles")
    void rolesAreAListsTextsOrTheWordsOfATextAndNothingElse(Object claim, Set<String> roles) {
        assertEquals(
                roles,
                principal(new PrincipalMapper("sub", "roles", null), Map.of("roles", claim))
                        .getRoles());
    }

    @Test
    void aTokenWithoutTheClaimHasNoRoles() {
        assertEquals(
                Set.of(),
                principal(new PrincipalMapper("sub", "roles", null), Map.of()).getRoles());
    }

    @Test
    void theApplicationsOwnMapperSeesAllClaimsAndHasTheOnlySay() {
        PrincipalMapper mapper = new PrincipalMapper("sub", "roles", claims -> Set.of("from " + claims.get("tenant")));

        assertEquals(
                Set.of("from t1"),
                principal(mapper, Map.of("roles", List.of("admin"), "tenant", "t1"))
                        .getRoles());
    }

    @Test
    void thePrincipalIsOfTheTokensLoginAndHasItsClaims() {
        SessionPrincipal principal =
                principal(new PrincipalMapper("email", "roles", null), Map.of("email", "a@example.com"));

        assertEquals(ALICE, principal.getIdentity());
        assertEquals(Map.of("email", "a@example.com"), principal.getClaims());
    }

    private static SessionPrincipal principal(PrincipalMapper mapper, Map<String, Object> claims) {
        return mapper.principal(VerifiedTokens.of(ALICE, Instant.EPOCH, Instant.EPOCH.plusSeconds(60), claims));
    }
}
