// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.signinsync.testing.RealRequests;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContextPathTest {

    private static final RealRequests REQUESTS = new RealRequests();

    @AfterAll
    static void stop() {
        REQUESTS.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/app", "/a/b", "/caf%C3%A9", "/a.b", "/a..b"})
    void isAsTheRequestSpellsIt(String spelled) {
        assertEquals(spelled, contextPath(spelled));
    }

    @Test
    void isEmptyForTheApplicationOfTheWholeHost() {
        assertEquals("", contextPath(""));
    }

    /** As Tomcat gives them; those with two slashes only where it is told to let them through. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example/..;/app",
                "//app",
                "/evil.example/..;/app",
                "/evil.example/../app",
                "/./app",
                "/app;jsessionid=1",
                "/%2e%2e/app",
                "/%2Fevil.example/app",
                "/\\evil.example/app"
            })
    void isAsDeployedIfThatSpellingCouldLeadElsewhere(String spelled) {
        assertEquals("", contextPath(spelled));
    }

    /** The container that asks is deployed for the whole host. */
    private static String contextPath(String spelled) {
        return REQUESTS.ask(request -> ContextPath.of(spelling(request, spelled)), "GET");
    }

    private static HttpServletRequest spelling(HttpServletRequest request, String contextPath) {
        return new HttpServletRequestWrapper(request) {
            @Override
            public String getContextPath() {
                return contextPath;
            }
        };
    }
}
