// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which paths have two readings. Containers refuse many of them first; these are for those that do not. */
class RequestPathTest {

    @ParameterizedTest
    @CsvSource({
        "/a/b,            , /a/b,             false",
        "/a,      /b,       /app/a/b,         false",
        "/a b,            , /a%20b,           false",
        "/a,              , /a;jsessionid=1,  false",
        "/a.css,          , /a.css,           false",
        "/a..b,           , /a..b,            false",
        "/.well-known/x,  , /.well-known/x,   false",
        "/b,              , /a/../b,          true",
        "/b,              , /a/%2e%2e/b,      true",
        "/b,              , /a/%2E%2E/b,      true",
        "/b,              , /a/..;/b,         true",
        "/b,              , /./b,             true",
        "/b,              , /b/.,             true",
        "/b,              , //b,              true",
        "/a/b,            , /a%2Fb,           true",
        "/a\\b,           , /a%5cb,           true",
        "/a\\b,           , /a\\b,            true",
        "/a;b,            , /a%3bb,           true",
        "/a%2eb,          , /a%252eb,         true",
        "/a//b,           , /a/b,             true",
        "/a/../b,         , /x,               true"
    })
    void hasOneReadingOrTwo(String servletPath, @Nullable String pathInfo, String uri, boolean ambiguous) {
        RequestPath path = RequestPath.of(servletPath, pathInfo, uri);

        assertEquals(servletPath + (pathInfo == null ? "" : pathInfo), path.text());
        assertEquals(ambiguous, path.ambiguous());
    }

    @Test
    void ofTheRootIsASlash() {
        assertEquals("/", RequestPath.of("", null, "/app").text());
        assertEquals("/", RequestPath.of("", "/", "/app/").text());
    }

    @Test
    void withAControlByteHasTwoReadings() {
        assertEquals(true, RequestPath.of("/a\u0000", null, "/a").ambiguous());
        assertEquals(true, RequestPath.of("/a", null, "/a%00").ambiguous());
    }
}
