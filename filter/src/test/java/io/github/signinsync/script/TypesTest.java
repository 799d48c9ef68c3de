// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import io.github.signinsync.testing.Chromium;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The TypeScript compiler, at its strictest and run in the browser, finds nothing to say about the script. */
class TypesTest {

    private static final String TYPESCRIPT = "/META-INF/resources/webjars/typescript/5.9.3/lib/";

    private static final String PLANTED = """
            import { returnPath } from './return-path.js';
            /** @type {number} */ export const planted = returnPath('', '');
            """;

    @AutoClose
    private static Chromium chromium;

    private static List<String> found;

    @BeforeAll
    static void loadCompiler() throws IOException {
        chromium = Chromium.launch();
        Page page = chromium.newContext().newPage();
        page.route("**/*", TypesTest::serve);
        page.navigate("http://localhost/");
        page.addScriptTag(new Page.AddScriptTagOptions().setUrl("http://localhost/typescript.js"));
        page.addScriptTag(
                new Page.AddScriptTagOptions().setContent(new String(Script.testResource("types.js"), UTF_8)));
        Map<String, String> files = Script.sources();
        files.put("planted.js", PLANTED);
        List<?> lines = (List<?>) page.evaluate("files => diagnostics(files)", files);
        found = lines.stream().map(String::valueOf).toList();
    }

    @Test
    void theScriptPassesTheTypeCheck() {
        assertEquals(
                List.of(),
                found.stream().filter(line -> !line.startsWith("/planted")).toList());
    }

    /** Otherwise a check that looks at nothing would pass as well. */
    @Test
    void aPlantedErrorIsFound() {
        assertEquals(
                List.of("/planted.js:2 Type 'string' is not assignable to type 'number'."),
                found.stream().filter(line -> line.startsWith("/planted")).toList());
    }

    private static void serve(Route route) {
        String path = route.request().url().replaceFirst("http://localhost/", "");
        Route.FulfillOptions answer = new Route.FulfillOptions();
        if (path.isEmpty()) {
            route.fulfill(answer.setContentType("text/html").setBody("<!doctype html>"));
            return;
        }
        try (InputStream file = TypesTest.class.getResourceAsStream(TYPESCRIPT + path)) {
            route.fulfill(answer.setContentType("text/javascript")
                    .setBodyBytes(Objects.requireNonNull(file, path).readAllBytes()));
        } catch (IOException unreadable) {
            route.abort();
        }
    }
}
