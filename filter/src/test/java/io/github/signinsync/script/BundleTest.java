// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the build makes of the sources is what pages can afford and what their policies allow. */
class BundleTest {

    /** Bytes on the wire, providers and all. A page should not wait for us. */
    private static final int LIMIT = 13_200;

    @Test
    void isSmall() throws IOException {
        int size = gzipped(Script.classic());
        assertTrue(size <= LIMIT, size + " bytes gzipped");
    }

    /** The server puts its own cookie name in this place, and in no other. */
    @Test
    void namesTheMarkCookieInOnePlace() {
        assertEquals(2, Script.classic().split("\"__Host-signin-mark\"", -1).length);
        assertTrue(Script.classic().endsWith("(\"__Host-signin-mark\");\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"eval(", "new Function", "innerHTML", "document.write", "new Worker", "createElement(\"style"})
    void usesNothingThatAStrictPolicyForbids(String forbidden) {
        assertEquals(
                List.of(),
                Script.sources().entrySet().stream()
                        .filter(source -> source.getValue().contains(forbidden))
                        .map(Map.Entry::getKey)
                        .toList());
    }

    private static int gzipped(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(UTF_8));
        }
        return bytes.size();
    }
}
