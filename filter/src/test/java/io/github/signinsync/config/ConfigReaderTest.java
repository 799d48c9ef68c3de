// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Where settings come from, which place wins, and what a wrong one says. */
class ConfigReaderTest {

    private static final String ISSUER = "https://issuer.example";

    private final Map<String, String> initParams = new HashMap<>();
    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();

    @Nested
    class TheNarrowerPlace {

        @Test
        void wins() {
            initParams.put("issuer", ISSUER);
            environment.put("SIGNIN_SYNC_LEEWAY", "10s");
            assertEquals(Duration.ofSeconds(10), read().token().leeway());
            properties.put("signinSync.leeway", "20s");
            assertEquals(Duration.ofSeconds(20), read().token().leeway());
            initParams.put("leeway", "30s");
            assertEquals(Duration.ofSeconds(30), read().token().leeway());
        }

        @Test
        void thatNamesTheIssuerIsTheOnlyOneThatSaysWhomToTrust() {
            environment.put("SIGNIN_SYNC_ISSUER", "https://wide.example");
            environment.put("SIGNIN_SYNC_JWKS_URL", "https://wide.example/keys");
            assertEquals("https://wide.example/keys", read().keys().jwksUrl().toString());

            initParams.put("issuer", ISSUER);

            assertEquals(List.of(ISSUER), read().token().issuers());
            assertEquals(
                    ISSUER + "/.well-known/jwks.json", read().keys().jwksUrl().toString());
        }

        @ParameterizedTest
        @EnumSource(
                value = Setting.class,
                names = {"JWKS_URL", "ALGORITHMS"})
        void thatNamesTheIssuerTakesNothingThatCouldWidenTrust(Setting trust) {
            initParams.put("issuer", ISSUER);
            SigninSyncConfig alone = read();
            spell(environment, trust, example(trust));
            spell(properties, trust, example(trust));

            assertEquals(alone, read());
        }

        @Test
        void thatNamesTheIssuerDoesNotSwitchOffWhatAWiderOneExcludes() {
            initParams.put("issuer", ISSUER);
            environment.put("SIGNIN_SYNC_AUDIENCE", "app");
            environment.put("SIGNIN_SYNC_AUTHORIZED_PARTIES", "https://app.example");
            environment.put("SIGNIN_SYNC_ALGORITHMS", "RS512");

            assertEquals(Set.of("app"), read().token().audience());
            assertEquals(Set.of("https://app.example"), read().token().authorizedParties());
            assertEquals(Set.of("RS256", "ES256"), read().token().algorithms());
        }

        @Test
        void mayRefineAnIssuerFromAWiderOne() {
            environment.put("SIGNIN_SYNC_ISSUER", ISSUER);
            initParams.put("audience", "app");
            assertEquals(Set.of("app"), read().token().audience());
        }
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void everySettingIsReadFromAllThreePlaces(Setting setting) {
        String value = example(setting);
        for (Map<String, String> place : List.of(initParams, properties, environment)) {
            initParams.clear();
            properties.clear();
            environment.clear();
            spell(place, Setting.ISSUER, ISSUER);
            SigninSyncConfig before = read();
            spell(place, setting, value);
            assertTrue(!read().equals(before), () -> setting + " changed nothing");
        }
    }

    @Test
    void textIsReadAsPeopleWriteIt() {
        initParams.put("issuer", " " + ISSUER + " ,\n https://alias.example ");
        initParams.put("requiredPaths", "/account/*, /admin/*");
        initParams.put("jwksRefresh", "PT2M");
        initParams.put("lapsedLimit", "1h");
        initParams.put("cookieSecure", "FALSE");
        initParams.put("syncPath", "");

        SigninSyncConfig config = read();

        assertEquals(List.of(ISSUER, "https://alias.example"), config.token().issuers());
        assertEquals(List.of("/account/*", "/admin/*"), config.access().requiredPaths());
        assertEquals(Duration.ofMinutes(2), config.keys().refresh());
        assertEquals(Duration.ofHours(1), config.session().lapsedLimit());
        assertEquals("signin", config.cookie().name());
        assertTrue(!config.sync().served());
    }

    @Test
    void defaultsAreTheDocumentedOnes() {
        initParams.put("issuer", ISSUER + "/");

        SigninSyncConfig config = read();

        assertEquals(ISSUER + "/.well-known/jwks.json", config.keys().jwksUrl().toString());
        assertEquals(Duration.ofSeconds(60), config.token().leeway());
        assertEquals(Set.of("RS256", "ES256"), config.token().algorithms());
        assertEquals("__Host-signin", config.cookie().name());
        assertEquals("__Host-signin-mark", config.cookie().markName());
        assertEquals("/signin-sync", config.sync().path());
    }

    @ParameterizedTest
    @DisplayName("E12 a setting that cannot be meant stops the start and says what to write")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "jwksUrl       | file:///etc/keys             | https",
                "jwksUrl       | http://issuer.example/keys   | https",
                "jwksUrl       | https://user@issuer.example/ | https",
                "jwksUrl       | ::                           | URL",
                "issuer        | \"\"                         | blank",
                "issuer        | ,                            | empty entry",
                "leeway        | -PT1S                        | from 0s to 1h",
                "leeway        | 3601s                        | from 0s to 1h",
                "leeway        | PT0.5S                       | whole seconds",
                "leeway        | 60                           | unit",
                "leeway        | soon                         | unit",
                "algorithms    | HS256                        | RS256",
                "algorithms    | none                         | RS256",
                "ignoredPaths  | *.css                        | suffixes",
                "requiredPaths | *.do                         | suffixes",
                "requiredPaths | /a/*/b                       | suffixes",
                "requiredPaths | /admin/                      | Write /admin/*",
                "audience      | \"\"                         | blank",
                "requiredPaths | \" \"                        | blank",
                "requiredPaths | account                      | starts with",
                "requiredPaths | /a//b                        | segment",
                "requiredPaths | /a/../b                      | segment",
                "requiredPaths | /a%2e                        | decoded",
                "cookieName    | a=b                          | letters",
                "cookiePath    | /app; Domain=x               | path",
                "cookieDomain  | x; Path=/                    | host name",
                "cookieSameSite| sometimes                    | Strict, Lax or None",
                "cookieSecure  | yes                          | true or false",
                "syncPath      | /                            | folder",
                "syncOrigins   | https://app.example/path     | origins",
                "loginPage     | //evil.example               | path",
                "loginPage     | http://evil.example          | path",
                "httpSession   | maybe                        | bind, create or ignore",
                "jwksMaxStale  | 1s                           | jwksRefresh",
            })
    void aWrongValueIsRefused(String name, String value, String hint) {
        initParams.put("issuer", ISSUER);
        initParams.put(name, value);

        String message = refusal();

        assertTrue(message.contains(hint), message);
        assertTrue(message.contains("init-param " + name), message);
    }

    @Test
    void theValuesBesideTheRefusedOnesAreAccepted() {
        initParams.put("issuer", ISSUER);
        initParams.put("jwksUrl", "http://127.0.0.1:8080/keys");
        initParams.put("leeway", "3600s");
        initParams.put("algorithms", "ES256");
        initParams.put("ignoredPaths", "/css/*");
        initParams.put("loginPage", "https://accounts.example/sign-in");
        assertEquals(Duration.ofHours(1), read().token().leeway());
        initParams.put("leeway", "0s");
        initParams.put("jwksUrl", "http://[::1]:8080/keys");
        assertEquals(Duration.ZERO, read().token().leeway());
        initParams.put("jwksUrl", "http://localhost/keys");
        initParams.put("jwksRefresh", "1s");
        initParams.put("jwksMaxStale", "1s");
        initParams.put("jwksCooldown", "1s");
        assertEquals(Duration.ofSeconds(1), read().keys().maxStale());
    }

    @Test
    void aMissingIssuerSaysHowToGiveIt() {
        String message = refusal();

        assertTrue(
                message.contains("init-param issuer, system property signinSync.issuer or environment variable"
                        + " SIGNIN_SYNC_ISSUER"),
                message);
    }

    @Test
    void anUnknownNameIsRefusedInEveryPlaceAndOtherPeoplesNamesAreNot() {
        initParams.put("issuer", ISSUER);
        properties.put("java.home", "x");
        environment.put("PATH", "x");
        environment.put("SIGNIN_SYNC_SERVICE_HOST", "10.0.0.1");
        environment.put("SIGNIN_SYNC_PORT", "tcp://10.0.0.1:80");
        environment.put("SIGNIN_SYNC_PORT_80_TCP", "tcp://10.0.0.1:80");
        read();
        for (Map<String, String> place : List.of(initParams, properties, environment)) {
            String name =
                    place == initParams ? "leway" : place == properties ? "signinSync.leway" : "SIGNIN_SYNC_LEWAY";
            place.put(name, "60s");
            String message = refusal();
            assertTrue(message.contains(name), message);
            place.remove(name);
        }
        environment.put("SIGNIN_SYNC_PORTAL", "x");
        assertTrue(refusal().contains("SIGNIN_SYNC_PORTAL"));
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        initParams.put("issuer", ISSUER);
        initParams.put("cookieName", "__Host-mine");
        assertEquals("__Host-mine", read().cookie().name());
        for (Map.Entry<String, String> other : Map.of(
                        "cookiePath", "/app", "cookieDomain", "example.com", "cookieSecure", "false")
                .entrySet()) {
            initParams.put(other.getKey(), other.getValue());
            assertTrue(refusal().contains("__Host-"), other.getKey());
            initParams.remove(other.getKey());
        }
        initParams.remove("cookieName");
        initParams.put("cookieSecure", "false");
        initParams.put("cookieSameSite", "None");
        assertTrue(refusal().contains("cookieSecure"));
        initParams.put("issuer", "my-issuer");
        initParams.remove("cookieSameSite");
        assertTrue(refusal().contains("jwksUrl"));
    }

    private SigninSyncConfig read() {
        return new ConfigReader(initParams, properties, environment).read();
    }

    private String refusal() {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, this::read).getMessage());
    }

    private void spell(Map<String, String> place, Setting setting, String value) {
        String name =
                place == initParams ? setting.key() : place == properties ? setting.property() : setting.variable();
        place.put(name, value);
    }

    private static String example(Setting setting) {
        return switch (setting) {
            case ISSUER -> "https://another.example";
            case JWKS_URL -> "https://issuer.example/keys";
            case AUDIENCE, AUTHORIZED_PARTIES, NAME_CLAIM, ROLES_CLAIM, COOKIE_NAME -> "x";
            case ALGORITHMS -> "ES384";
            case LEEWAY, LAPSED_LIMIT, JWKS_REFRESH, JWKS_COOLDOWN -> "7s";
            case MAX_TOKEN_LIFE, JWKS_MAX_STALE -> "7d";
            case BEARER -> "true";
            case COOKIE_SECURE, ENABLED, RESYNC_PAGE -> "false";
            case COOKIE_PATH, SYNC_PATH, LOGIN_PAGE, RESYNC_SCRIPTS -> "/x";
            case REQUIRED_PATHS, IGNORED_PATHS -> "/x/*";
            case COOKIE_DOMAIN -> "example.com";
            case COOKIE_SAME_SITE -> "Strict";
            case SYNC_ORIGINS -> "https://app.example";
            case HTTP_SESSION -> "ignore";
        };
    }
}
