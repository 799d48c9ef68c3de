// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.signinsync.testing.RealRequests;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pages may change who is signed in, by the host the container sees and what the browser says. */
class OriginRuleTest {

    private static final RealRequests REQUESTS = new RealRequests();

    private final OriginRule rule = new OriginRule(Set.of("https://www.example.com"));

    @AfterAll
    static void stop() {
        REQUESTS.close();
    }

    @ParameterizedTest
    @CsvSource({
        "app.example,      http://app.example,            ,            true",
        "app.example,      http://app.example,            same-origin, true",
        "app.example,      http://app.example,            same-site,   false",
        "app.example,      http://app.example:80,         ,            false",
        "app.example,      http://app.example:81,         ,            false",
        "app.example,      http://app.example.evil,       ,            false",
        "app.example,      http://evil.app.example,       ,            false",
        "app.example,      https://app.example,           ,            true",
        "app.example,      https://app.example:8443,      ,            false",
        "app.example:8080, http://app.example:8080,       ,            true",
        "app.example:8080, http://app.example,            ,            false",
        "app.example:8080, https://app.example:8080,      ,            true",
        "app.example:443,  https://app.example,           ,            true",
        "app.example:8443, https://app.example,           ,            false",
        "App.Example,      http://app.example,            ,            true",
        "App.Example,      https://app.example,           ,            true",
        "app.example,      HTTP://APP.EXAMPLE,            ,            true",
        "app.example,      ftp://app.example,             ,            false",
        "app.example,      null,                          same-origin, false",
        "app.example,      https://www.example.com,       ,            true",
        "app.example,      HTTPS://WWW.EXAMPLE.COM,       ,            true",
        "app.example,      https://www.example.com,       cross-site,  false",
        "app.example,      https://www.example.com:444,   ,            false",
        "app.example,      ,                              same-origin, true",
        "app.example,      ,                              none,        false",
        "app.example,      ,                              ,            false"
    })
    void allowsOurOwnPagesAndTheConfiguredOnes(
            String host, @Nullable String origin, @Nullable String site, boolean allowed) {
        assertEquals(
                allowed,
                REQUESTS.ask(
                        rule::allows,
                        "POST",
                        "Host: " + host,
                        origin == null ? "X-Nothing: origin" : "Origin: " + origin,
                        site == null ? "X-Nothing: site" : "Sec-Fetch-Site: " + site));
    }
}
