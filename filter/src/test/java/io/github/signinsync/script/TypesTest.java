// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import io.github.signinsync.testing.Chromium;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /** What a page in TypeScript may say, from one end of the interface to the other. */
    private static final String PAGE = """
            import { start, type Options, type Provider, type Who } from './signin-sync.js';
            const own: Provider = {
              who: () => ({ who: 'in', key: 'user session' }),
              getToken: async ({ fresh, signal }) => (signal.aborted ? null : String(fresh)),
              subscribe: (changed) => { changed(); return () => {}; },
              classify: (error) => (error instanceof TypeError ? 'transient' : undefined),
            };
            const options: Options = { provider: own, token: 'id', onUserChange: 'reload' };
            window.signinSyncOptions = { provider: 'auth0', providerGlobal: 'app.auth0Client' };
            const sync = start(options);
            start({ provider: { getTokenSilently: async () => 'token' } });
            start({ getToken: async () => null, subscribe: () => {} });
            export const state: Who = sync.state;
            export const fresh: Promise<boolean> = sync.ensureFresh({ minTtl: 30 });
            export const stop: () => void = sync.onChange(({ state, previous }) => console.log(state, previous));
            document.addEventListener('signin-sync:change', (event) => {
              const now: Who = event.detail.state;
              if (now === 'out') event.preventDefault();
            });
            void window.SigninSync?.start().signOut(() => {}).then(() => sync.stop());
            """;

    private static final String MISUSE = """
            import { start } from './signin-sync.js';
            start({ provider: 'auth1' });
            start({ token: 'refresh' });
            start({ provider: { who: () => 'in' } });
            start().state = 'in';
            start().signout();
            document.addEventListener('signin-sync:change', (event) => event.detail.token);
            """;

    /** The declaration that pages see is true of the code behind it. */
    private static final String PROMISE = """
            import * as declared from './signin-sync';
            import { chooseProvider } from './providers/index.js';
            import { start } from './start.js';
            export const kept: typeof declared.start = start;
            export const provider: declared.Provider = chooseProvider({});
            export const taken: ReturnType<typeof chooseProvider> = { missing: '', ...({} as declared.Provider) };
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
        files.put("sample.ts", PAGE);
        files.put("planted-misuse.ts", MISUSE);
        files.put("promise.ts", PROMISE);
        List<?> lines = (List<?>) page.evaluate("files => diagnostics(files)", files);
        found = lines.stream().map(String::valueOf).toList();
    }

    @Test
    void theScriptAndAPageThatUsesItPassTheTypeCheck() {
        assertEquals(
                List.of(),
                found.stream().filter(line -> !line.startsWith("/planted")).toList());
    }

    /** Otherwise a check that looks at nothing would pass as well. */
    @Test
    void aPlantedErrorIsFound() {
        assertEquals(
                List.of("/planted.js:2 Type 'string' is not assignable to type 'number'."),
                found.stream().filter(line -> line.startsWith("/planted.js")).toList());
    }

    @Test
    void aMisuseInAPageIsFound() {
        assertEquals(
                List.of("2", "3", "4", "5", "6", "7"),
                found.stream()
                        .filter(line -> line.startsWith("/planted-misuse.ts:"))
                        .map(line -> line.replaceFirst("^/planted-misuse.ts:(\\d+) (?s:.*)$", "$1"))
                        .toList());
    }

    /** What SCRIPT.md offers as an attribute is an option, and the other way round. */
    @Test
    void theAttributesInTheDocumentationAreTheOptions() throws IOException {
        Set<String> documented = new TreeSet<>();
        Matcher rows = Pattern.compile("^\\| `data-([\\w-]+)` \\|", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("SCRIPT.md")));
        while (rows.find()) {
            documented.add(Pattern.compile("-(\\w)")
                    .matcher(rows.group(1))
                    .replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT)));
        }
        String declaration = Script.sources().getOrDefault("signin-sync.d.ts", "");
        int start = declaration.indexOf("export interface Options {");
        Matcher members = Pattern.compile("^  (\\w+)\\?:", Pattern.MULTILINE)
                .matcher(declaration.substring(start, declaration.indexOf("\n}", start)));
        Set<String> declared = new TreeSet<>(Set.of("start"));
        while (members.find()) {
            declared.add(members.group(1));
        }
        declared.remove("subscribe"); // a function, and nothing else

        assertEquals(declared, documented);
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
