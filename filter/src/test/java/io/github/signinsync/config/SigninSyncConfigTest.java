// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.config.SigninSyncConfig.Builder;
import io.github.signinsync.config.SigninSyncConfig.Script;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which values the builder takes, on both sides of each border. */
class SigninSyncConfigTest {

    private final Builder builder = SigninSyncConfig.builder().issuer("https://issuer.example");

    @ParameterizedTest
    @CsvSource({
        "LEEWAY,         PT0S, PT1H",
        "MAX_TOKEN_LIFE, PT1S, P366D",
        "LAPSED_LIMIT,   PT0S, P7D",
        "JWKS_REFRESH,   PT1S, PT24H",
        "JWKS_MAX_STALE, PT1S, P30D",
        "JWKS_COOLDOWN,  PT1S, PT1H"
    })
    void aDurationIsTakenFromItsLeastToItsMostAndNotASecondBeyond(Setting setting, Duration least, Duration most) {
        for (Duration good : new Duration[] {least, least.plusSeconds(1), most.minusSeconds(1), most}) {
            assertDoesNotThrow(() -> setting.apply(builder, good.toString()), good::toString);
        }
        for (Duration bad : new Duration[] {least.minusSeconds(1), most.plusSeconds(1), least.plusMillis(1_500)}) {
            assertRefused(setting, () -> setting.apply(builder, bad.toString()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "JWKS_URL,       http://127.0.0.1/keys",
        "JWKS_URL,       http://127.10.20.30:81/keys",
        "JWKS_URL,       HTTPS://issuer.example/keys",
        "COOKIE_NAME,    a.B_c-1",
        "SYNC_ORIGINS,   https://app.example:8443",
        "SYNC_ORIGINS,   http://[::1]:8080",
        "REQUIRED_PATHS, /",
        "REQUIRED_PATHS, /*",
        "REQUIRED_PATHS, /.well-known/*",
        "REQUIRED_PATHS, /..a",
        "IGNORED_PATHS,  /a...",
        "SYNC_PATH,      /auth/sync",
        "SYNC_PATH,      ''",
        "NAME_CLAIM,     two words",
        "ROLES_CLAIM,    https://x.example/roles",
        "LOGIN_PAGE,     /login",
        "LOGIN_PAGE,     https://accounts.example/sign-in?x=1",
        "RESYNC_SCRIPTS, https://idp.example/npm/@idp/sdk@5/sdk.js",
        "RESYNC_SCRIPTS, http://localhost:9090/sdk.js",
        "RESYNC_SCRIPTS, http://127.0.0.1/sdk.js",
        "RESYNC_SCRIPTS, /app/start.js?v=2",
        "RESYNC_SCRIPTS, https://idp.example/sdk.js data-key=pk_test_a=b data-on"
    })
    void aGoodValueIsTaken(Setting setting, String value) {
        setting.apply(builder, value);

        assertDoesNotThrow(builder::build);
    }

    @ParameterizedTest
    @CsvSource({
        "JWKS_URL,       https:///keys",
        "JWKS_URL,       https:keys",
        "JWKS_URL,       http://127.evil.example/keys",
        "JWKS_URL,       http://127.0.0.1.evil.example/keys",
        "JWKS_URL,       http://localhost.evil.example/keys",
        "JWKS_URL,       ftp://localhost/keys",
        "COOKIE_NAME,    a b",
        "COOKIE_NAME,    a;b",
        "COOKIE_NAME,    ''",
        "COOKIE_DOMAIN,  a b",
        "SYNC_ORIGINS,   https://App.example",
        "SYNC_ORIGINS,   https://*.example",
        "SYNC_ORIGINS,   app.example",
        "SYNC_ORIGINS,   null",
        "RESYNC_SCRIPTS, http://idp.example/sdk.js",
        "RESYNC_SCRIPTS, http://localhost.evil.example/sdk.js",
        "RESYNC_SCRIPTS, //idp.example/sdk.js",
        "RESYNC_SCRIPTS, start.js",
        "RESYNC_SCRIPTS, https:///sdk.js",
        "RESYNC_SCRIPTS, https://user@idp.example/sdk.js",
        "RESYNC_SCRIPTS, javascript:alert(1)",
        "RESYNC_SCRIPTS, data:text/javascript;x",
        "RESYNC_SCRIPTS, /a<b>.js",
        "RESYNC_SCRIPTS, /a.js /b.js",
        "RESYNC_SCRIPTS, /a.js onload=x",
        "RESYNC_SCRIPTS, /a.js nonce=x",
        "RESYNC_SCRIPTS, data-key=x /a.js",
        "RESYNC_SCRIPTS, '/a.js,,/b.js'",
        "REQUIRED_PATHS, /a/..",
        "REQUIRED_PATHS, /a/.",
        "REQUIRED_PATHS, /./*",
        "REQUIRED_PATHS, /a//*",
        "IGNORED_PATHS,  /a/",
        "IGNORED_PATHS,  /*/*",
        "SYNC_PATH,      /auth/",
        "SYNC_PATH,      auth",
        "NAME_CLAIM,     ''",
        "ROLES_CLAIM,    ''",
        "LOGIN_PAGE,     login",
        "LOGIN_PAGE,     javascript:alert(1)"
    })
    void theBadOneBesideItIsRefused(Setting setting, String value) {
        assertRefused(setting, () -> setting.apply(builder, value));
    }

    @Test
    void aListThatMustNotBeEmptyIsNot() {
        assertRefused(Setting.ISSUER, () -> builder.issuer());
        assertRefused(Setting.ALGORITHMS, () -> builder.algorithms());
        assertTrue(builder.requiredPaths().build().access().requiredPaths().isEmpty());
    }

    @Test
    void aSecurePrefixNeedsTheSecureAttribute() {
        builder.cookieName("__Secure-mine");
        assertEquals("__Secure-mine", builder.build().cookie().name());

        builder.cookieSecure(false);

        assertRefused(Setting.COOKIE_NAME, builder::build);
    }

    @Test
    void theHostPrefixIsGivenOnlyWhereItsConditionsHold() {
        assertEquals("__Host-signin", builder.build().cookie().name());
        assertEquals("signin", builder.cookiePath("/app").build().cookie().name());
        assertEquals(
                "signin",
                builder.cookiePath("/")
                        .cookieDomain("a.example")
                        .build()
                        .cookie()
                        .name());
    }

    @Test
    void aSetMayBeAsStaleAsItIsOldWhenItIsReadAgain() {
        builder.jwksRefresh(Duration.ofHours(2)).jwksMaxStale(Duration.ofHours(2));
        assertDoesNotThrow(builder::build);

        builder.jwksMaxStale(Duration.ofHours(2).minusSeconds(1));

        assertRefused(Setting.JWKS_MAX_STALE, builder::build);
    }

    private static void assertRefused(Setting setting, Executable use) {
        String message =
                String.valueOf(assertThrows(IllegalArgumentException.class, use).getMessage());
        assertTrue(message.startsWith(setting.key() + " "), message);
    }

    @Test
    void scriptsOfTheResyncPageKeepTheirOrderAndTheirAttributes() {
        Setting.RESYNC_SCRIPTS.apply(builder, "https://idp.example/sdk.js  data-key=a=b data-on ,\n /app/start.js");

        assertEquals(
                List.of(
                        new Script("https://idp.example/sdk.js", Map.of("data-key", "a=b", "data-on", "")),
                        new Script("/app/start.js", Map.of())),
                builder.build().resync().scripts());
    }

    @ParameterizedTest
    @CsvSource({
        "true,  /sdk.js,                                                      true",
        "false, /sdk.js,                                                      false",
        "true,  /app/signin-sync/signin-sync.classic.js data-get-token=f,     false",
        "true,  '/sdk.js, /app/signin-sync/signin-sync.classic.js data-x=f',  true"
    })
    void theResyncPageIsServedWhereItIsWantedAndHasAProviderToAsk(boolean wanted, String scripts, boolean served) {
        assertFalse(builder.build().resync().served());

        Setting.RESYNC_SCRIPTS.apply(builder, scripts);

        assertEquals(served, builder.resyncPage(wanted).build().resync().served());
    }
}
