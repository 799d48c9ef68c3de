// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.signinsync.testing.RealRequests;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read from the headers that browsers add on their own, header by header. */
class FetchMetadataTest {

    private static final RealRequests REQUESTS = new RealRequests();

    @AfterAll
    static void stop() {
        REQUESTS.close();
    }

    @ParameterizedTest
    @CsvSource({
        "document, text/html,                 true",
        "document, ,                          true",
        "iframe,   text/html,                 true",
        "frame,    text/html,                 true",
        "Document, ,                          true",
        "empty,    text/html,                 false",
        "image,    'text/html, image/png',    false",
        "object,   text/html,                 false",
        "script,   */*,                       false",
        "'',       text/html,                 false",
        ",         text/html,                 true",
        ",         'text/plain, Text/HTML',   true",
        ",         application/json,          false",
        ",         */*,                       false",
        ",         ,                          false"
    })
    void theDestinationSaysWhatIsAPageAndAcceptOnlyWhereThereIsNone(
            @Nullable String destination, @Nullable String accept, boolean document) {
        String[] headers = {line("Sec-Fetch-Dest", destination), line("Accept", accept)};

        assertEquals(document, REQUESTS.ask(FetchMetadata::isDocument, "GET", headers));
        assertEquals(document, REQUESTS.ask(FetchMetadata::isDocument, "POST", headers));
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  document, ,            ,         true",
        "HEAD, document, ,            ,         false",
        "POST, document, ,            ,         false",
        "GET,  empty,    ,            ,         false",
        "GET,  document, prefetch,    ,         false",
        "GET,  document, 'prefetch;prerender', , false",
        "GET,  document, ,            prefetch, false"
    })
    void onlyAPageThatAPersonAsksForByGetIsANavigation(
            String method,
            String destination,
            @Nullable String secPurpose,
            @Nullable String purpose,
            boolean navigation) {
        assertEquals(
                navigation,
                REQUESTS.ask(
                        FetchMetadata::isNavigation,
                        method,
                        line("Sec-Fetch-Dest", destination),
                        line("Sec-Purpose", secPurpose),
                        line("Purpose", purpose)));
    }

    @ParameterizedTest
    @CsvSource({
        "same-origin, false",
        "Same-Origin, false",
        "none,        false",
        ",            false",
        "same-site,   true",
        "cross-site,  true",
        "garbage,     true",
        "'',          true"
    })
    void elsewhereIsEverySiteThatIsNotOursAndSaysSo(@Nullable String site, boolean elsewhere) {
        assertEquals(elsewhere, REQUESTS.ask(FetchMetadata::isFromElsewhere, "GET", line("Sec-Fetch-Site", site)));
    }

    /** Returns the header line, or a line that says nothing where there is none. */
    private static String line(String name, @Nullable String value) {
        return value == null ? "X-Nothing: " + name : name + ": " + value;
    }
}
