// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The adapters over stand-ins for their SDKs, without a browser. A story is events, separated by commas, and who was there
 * after each: two keys of one number are the same key. A token call tells its answer and the calls that the SDK saw.
 */
class ProvidersTest {

    @AutoClose
    private static Context context;

    private static Value script;

    @BeforeAll
    static void loadModules(@TempDir Path folder) throws IOException {
        Script.layOut(folder, "providers.js");
        context = Context.newBuilder("js")
                .allowIO(IOAccess.ALL)
                .allowExperimentalOptions(true)
                .option("js.esm-eval-returns-exports", "true")
                .option("engine.WarnInterpreterOnly", "false")
                .build();
        script = context.eval(
                Source.newBuilder("js", folder.resolve("providers.js").toFile())
                        .mimeType("application/javascript+module")
                        .build());
    }

    /** Promises are settled by the time a call into the script returns: stories bring their own timers. */
    private static String outcome(String function, Object... arguments) {
        return script.invokeMember(function, arguments).getMember("value").asString();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        clerk    | nothing, ready A, renew, user B, user     | unknown, in 1, in 1, in 2, out
        auth0    | after 60000, user A, wake, renew, wake, user B, wake, user, wake | perhaps, perhaps, in 1, in 1, in 1, in 1, in 2, in 2, perhaps
        firebase | nothing, ready A, renew, user B, user     | unknown, in 1, in 1, in 2, out
        supabase | nothing, ready A, renew, user B, user     | unknown, in 1, in 1, in 2, out
        keycloak | nothing, ready A, renew, user B, user     | unknown, in 1, in 1, in 2, out
        amplify  | nothing, ready A, renew, user B, user     | unknown, in 1, in 1, in 2, out
        oidc     | after 0, ready A, renew, user B, user     | perhaps, in 1, in 1, in 2, out
        """)
    void followsAUserThroughRenewalSwitchAndSignOut(String kind, String events, String expected) {
        assertEquals(expected, outcome("story", kind, events));
    }

    /** Only what an SDK is sure of may end a session at once: `perhaps` is asked again a second later. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        clerk    | ready                                     | out
        clerk    | ready A, transition                       | in 1, unknown
        clerk    | ready A, leaving                          | in 1, out
        clerk    | ready A, pending                          | in 1, out
        auth0    | ready                                     | perhaps
        firebase | ready                                     | out
        supabase | ready                                     | perhaps
        keycloak | ready                                     | out
        keycloak | initialized, after 11900                  | unknown, unknown
        keycloak | initialized, after 12000                  | unknown, perhaps
        keycloak | uninitialized, after 12000                | unknown, unknown
        amplify  | loaded                                    | perhaps
        amplify  | ready                                     | out
        amplify  | offline, ready A                          | unknown, unknown
        oidc     | ready A, monitor                          | in 1, perhaps
        """)
    void saysOutOnlyWhenTheSdkIsSure(String kind, String events, String expected) {
        assertEquals(expected, outcome("story", kind, events));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        clerk    | ready A, token, token fresh | in 1, token of A [getToken undefined], token of A [getToken {"skipCache":true}]
        firebase | ready A, token, token fresh | in 1, token of A [getIdToken false], token of A [getIdToken true]
        keycloak | ready A, token, token fresh | in 1, token of A [updateToken 30], token of A [updateToken -1]
        keycloak | ready A, implicit, token fresh | in 1, in 1, token of A []
        amplify  | ready A, token, token fresh | in 1, access of A [fetchAuthSession {}], access of A [fetchAuthSession {"forceRefresh":true}]
        """)
    void asksForAFreshTokenInTheWordsOfTheSdk(String kind, String events, String expected) {
        assertEquals(expected, outcome("story", kind, events));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        auth0    | user A, wake, token fresh        | in 1, in 1, access 1 of A [getTokenSilently {}]
        auth0    | user A, wake, token, token fresh | in 1, in 1, access 1 of A [getTokenSilently {}], access 2 of A [getTokenSilently {}, getTokenSilently {"cacheMode":"off"}]
        auth0    | user A, wake, token, token       | in 1, in 1, access 1 of A [getTokenSilently {}], access 1 of A [getTokenSilently {}]
        auth0    | user A, wake, token, renew, token fresh | in 1, in 1, access 1 of A [getTokenSilently {}], in 1, access 2 of A [getTokenSilently {}]
        supabase | ready A, token fresh             | in 1, access 1 of A [getSession]
        supabase | ready A, token, token fresh      | in 1, access 1 of A [getSession], access 2 of A [getSession, refreshSession]
        supabase | ready A, token, token            | in 1, access 1 of A [getSession], access 1 of A [getSession]
        oidc     | ready A, token fresh             | in 1, access 1 of A [getUser]
        oidc     | ready A, token, token fresh      | in 1, access 1 of A [getUser], access 2 of A [getUser, signinSilent]
        oidc     | ready A, token, token            | in 1, access 1 of A [getUser], access 1 of A [getUser]
        oidc     | expired, ready A, token fresh    | perhaps, in 1, access 2 of A [getUser, signinSilent]
        """)
    void forcesACostlyRenewalOnlyWhenItHadThePresentToken(String kind, String events, String expected) {
        assertEquals(expected, outcome("story", kind, events));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        auth0    | wake, token fresh                                     | perhaps, null []
        auth0    | wake, token, session A, token fresh                   | perhaps, null [], perhaps, access 1 of A [getTokenSilently {}]
        auth0    | wake, token, refused login_required, token fresh      | perhaps, null [], perhaps, null [getTokenSilently {}]
        auth0    | wake, token, refused timeout, token fresh             | perhaps, null [], perhaps, transient timeout [getTokenSilently {}]
        oidc     | wake, token fresh                                     | perhaps, null []
        oidc     | wake, token, session A, token fresh                   | perhaps, null [], perhaps, access 2 of A [getUser, signinSilent]
        oidc     | wake, token, refused login_required, token fresh      | perhaps, null [], perhaps, null [getUser, signinSilent]
        oidc     | wake, token, refused ErrorTimeout, token fresh        | perhaps, null [], perhaps, transient ErrorTimeout [getUser, signinSilent]
        oidc     | ready A, monitor, token fresh                         | in 1, perhaps, access 2 of A [getUser, signinSilent]
        oidc     | ready A, monitor, refused login_required, token fresh | in 1, perhaps, perhaps, null [getUser, signinSilent]
        """)
    void asksTheServerOfTheProviderBeforeAnEmptyPageCountsAsASignOut(String kind, String events, String expected) {
        assertEquals(expected, outcome("story", kind, events));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        clerk    | ready A, refused offline, token fresh   | in 1, in 1, token of A [getToken {"skipCache":true}, getToken undefined]
        clerk    | ready A, refused offline, token         | in 1, in 1, undefined offline [getToken undefined]
        supabase | ready A, token, refused AuthRetryableFetchError 2, token fresh   | in 1, access 1 of A [getSession], in 1, access 1 of A [getSession, refreshSession, getSession]
        supabase | ready A, token, refused AuthRefreshDiscardedError 2, token fresh | in 1, access 1 of A [getSession], in 1, access 1 of A [getSession, refreshSession, getSession]
        supabase | ready A, token, refused session_not_found 2, token fresh         | in 1, access 1 of A [getSession], in 1, definitive session_not_found [getSession, refreshSession]
        """)
    void aFailedRenewalLeavesATokenThatIsStillGood(String kind, String events, String expected) {
        assertEquals(expected.replace("undefined offline", "unclassified offline"), outcome("story", kind, events));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        auth0    | wake, after 60000, user A, after 10000 | perhaps, perhaps, perhaps, in 1
        auth0    | after 60000, user A, wake, user B, token, wake | perhaps, perhaps, in 1, in 1, access 1 of B [getTokenSilently {}], in 2
        supabase | ready A, overtaken                     | in 1, out
        amplify  | ready A, overtaken                     | in 1, out
        oidc     | ready A, overtaken                     | in 1, out
        amplify  | ready A, user, wake                    | in 1, out, out
        oidc     | ready A, user, wake                    | in 1, out, out
        oidc     | ready A, user, wake, user A            | in 1, out, out, in 1
        """)
    void remembersTheNewestThingTheSdkSaid(String kind, String events, String expected) {
        assertEquals(expected, outcome("story", kind, events));
    }

    /** Some SDKs wait for their own callback for ever when they are called from within it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        supabase | access 1 of A
        firebase | token of A
        """)
    void aTokenMayBeAskedForTheMomentAChangeIsTold(String kind, String expected) {
        assertEquals(expected, outcome("calledBack", kind));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
        auth0    |        | access 1 of A
        auth0    | access | access 1 of A
        auth0    | id     | id 1 of A
        amplify  |        | access of A
        amplify  | id     | id of A
        oidc     |        | access 1 of A
        oidc     | id     | id 1 of A
        firebase | id     | token of A
        """)
    void sendsTheTokenThatIsWanted(String kind, @Nullable String token, String expected) {
        assertEquals(expected, outcome("tokenOf", kind, token == null ? "" : token));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        clerk    | {status: 401}                            | undefined
        auth0    | {error: 'login_required'}                | definitive
        auth0    | {error: 'consent_required'}              | definitive
        auth0    | {error: 'interaction_required'}          | definitive
        auth0    | {error: 'invalid_grant'}                 | definitive
        auth0    | {error: 'missing_refresh_token'}         | definitive
        auth0    | {error: 'mfa_required'}                  | definitive
        auth0    | {error: 'timeout'}                       | transient
        auth0    | {error: 'missing_scopes_error'}          | transient
        auth0    | {error: 'request_error'}                 | transient
        firebase | {code: 'auth/user-token-expired'}        | definitive
        firebase | {code: 'auth/user-disabled'}             | definitive
        firebase | {code: 'auth/invalid-user-token'}        | definitive
        firebase | {code: 'auth/network-request-failed'}    | transient
        firebase | {code: 'auth/too-many-requests'}         | transient
        firebase | {code: 'auth/internal-error'}            | transient
        supabase | {name: 'AuthSessionMissingError', status: 400} | definitive
        supabase | {code: 'refresh_token_not_found', status: 400} | definitive
        supabase | {code: 'refresh_token_already_used', status: 400} | definitive
        supabase | {code: 'session_not_found', status: 403} | definitive
        supabase | {code: 'session_expired', status: 401}   | definitive
        supabase | {code: 'user_not_found', status: 403}    | definitive
        supabase | {code: 'user_banned', status: 403}       | definitive
        supabase | {name: 'AuthRetryableFetchError', status: 503} | transient
        supabase | {name: 'AuthRefreshDiscardedError', status: 409} | transient
        supabase | {code: 'over_request_rate_limit', status: 429} | transient
        supabase | {name: 'AuthApiError', status: 401}      | transient
        keycloak | {response: {status: 400}}                | undefined
        amplify  | {name: 'NotAuthorizedException'}         | definitive
        amplify  | {name: 'TokenRevokedException'}          | definitive
        amplify  | {name: 'UserNotFoundException'}          | definitive
        amplify  | {name: 'PasswordResetRequiredException'} | definitive
        amplify  | {name: 'UserNotConfirmedException'}      | definitive
        amplify  | {name: 'RefreshTokenReuseException'}     | definitive
        amplify  | {name: 'NetworkError'}                   | transient
        amplify  | {name: 'TooManyRequestsException'}       | transient
        oidc     | {error: 'login_required', name: 'ErrorResponse'} | definitive
        oidc     | {error: 'consent_required'}              | definitive
        oidc     | {error: 'interaction_required'}          | definitive
        oidc     | {error: 'invalid_grant'}                 | definitive
        oidc     | {error: 'temporarily_unavailable'}       | transient
        oidc     | {error: null, name: 'ErrorResponse'}     | transient
        oidc     | {name: 'ErrorTimeout'}                   | transient
        oidc     | new TypeError('Failed to fetch')         | transient
        oidc     | undefined                                | transient
        """)
    void takesOnlyListedErrorsForTheEndOfASession(String kind, String error, String expected) {
        Value thrown = context.eval("js", "(" + error + ")");
        assertEquals(expected, script.invokeMember("classify", kind, thrown).asString());
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
        clerk                 |                          | clerk
        auth0                 |                          | auth0
        firebase              |                          | firebase
        supabase              |                          | supabase
        keycloak              |                          | keycloak
        amplify               |                          | amplify
        oidc                  |                          | oidc
        oidc amplify keycloak | provider: 'auto'         | keycloak
        keycloak supabase     |                          | supabase
        supabase firebase     |                          | firebase
        firebase auth0        |                          | auth0
        auth0 clerk           |                          | clerk
        auth0 clerk           | provider: 'auth0'        | auth0
        auth0 clerk           | provider: 'no such name' | clerk
        oidc@app.manager      | providerGlobal: 'app.manager' | oidc
        oidc@app.manager clerk | provider: 'oidc', providerGlobal: 'app.manager' | oidc
        """)
    void findsTheSdkInThePage(String present, @Nullable String options, String expected) {
        assertEquals(expected, detected(present, options));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
        ''    |                   | unknown, unknown: No provider that is ready in window.Clerk, auth0Client, firebaseAuth, supabase, keycloak, amplifyAuth, userManager, and no getToken was given (data-get-token).
        auth0 | provider: 'clerk' | unknown, unknown: No provider that is ready in window.Clerk, and no getToken was given (data-get-token).
        auth0 | provider: {}      | unknown, unknown: The provider given is not ready, or none we know.
        oidc@app.manager | provider: 'auth0', providerGlobal: 'app.manager' | unknown, unknown: No provider that is ready in window.app.manager, and no getToken was given (data-get-token).
        """)
    void saysWhatIsMissing(String present, @Nullable String options, String expected) {
        assertEquals(expected, detected(present, options));
    }

    private static String detected(String present, @Nullable String options) {
        return outcome("detected", present, context.eval("js", "({" + (options == null ? "" : options) + "})"));
    }

    @Test
    void anElementOrAForeignFrameOfThatNameIsNoSdk() {
        assertEquals("unknown, in", outcome("clobbered"));
    }

    @Test
    void keycloakHandlersOfThePageGoOnAndComeBack() {
        assertEquals(
                "changed, page ready true, restored true, left alone true, page logout, page ready false",
                outcome("keycloakSlots"));
    }

    @Test
    void aProviderOfThePagesOwnIsTakenAsItIs() {
        assertEquals("own", script.invokeMember("ownProvider").asString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "custom"})
    void aFunctionOfThePageMayTurnUpLater(String provider) {
        assertEquals("unknown, changed, perhaps, owner true", outcome("customFunction", provider));
    }
}
