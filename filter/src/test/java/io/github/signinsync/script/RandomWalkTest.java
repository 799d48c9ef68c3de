// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The pure part of the script in a world where anything may happen: slow and failing providers and servers, lost answers,
 * several tabs, wrong clocks, sleep. What must hold at each step is in walk-rules.js. A failure tells its seed and the shortest
 * story found for it.
 */
class RandomWalkTest {

    private static final int WALKS = 300;

    @AutoClose
    private static Context context;

    private static Value script;

    @BeforeAll
    static void loadModule(@TempDir Path folder) throws IOException {
        Script.layOut(folder, "walk.js", "walk-rules.js", "walk-tab.js", "walk-world.js");
        context = Context.newBuilder("js")
                .allowIO(IOAccess.ALL)
                .allowExperimentalOptions(true)
                .option("js.esm-eval-returns-exports", "true")
                .option("engine.WarnInterpreterOnly", "false")
                .build();
        script = context.eval(Source.newBuilder("js", folder.resolve("walk.js").toFile())
                .mimeType("application/javascript+module")
                .build());
    }

    @ParameterizedTest(name = "seeds from {0}")
    @ValueSource(ints = {0, 300, 600, 900, 1_200, 1_500, 1_800, 2_100})
    void onceFaultsStopServerAndProviderAgreeAndNothingForbiddenHappened(int firstSeed) {
        String story = script.invokeMember("walk", firstSeed, WALKS).asString();

        assertEquals("", story);
    }
}
