// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.CDPSession;
import java.util.HashMap;
import java.util.Map;

/**
 * A browser window with a profile of its own, driven by the raw DevTools protocol: its tabs are hidden and frozen as a
 * user's are, and time in them is real. The driver's own pages always say that they are visible.
 */
final class RawWindow implements AutoCloseable {

    private final CDPSession browser;
    private final String profile;
    private final Map<Integer, JsonObject> answers = new HashMap<>();
    private int messages;

    RawWindow(CDPSession browser) {
        this.browser = browser;
        browser.on("Target.receivedMessageFromTarget", this::keep);
        profile = send("Target.createBrowserContext").get("browserContextId").getAsString();
    }

    /** Opens an empty tab before all others, which are hidden by it. */
    Tab open() {
        String target = send("Target.createTarget", "url", "about:blank", "browserContextId", profile)
                .get("targetId")
                .getAsString();
        String session = send("Target.attachToTarget", "targetId", target)
                .get("sessionId")
                .getAsString();
        return new Tab(target, session);
    }

    @Override
    public void close() {
        send("Target.disposeBrowserContext", "browserContextId", profile);
        browser.detach();
    }

    /** One of its tabs. */
    final class Tab {
        private final String target;
        private final String session;

        private Tab(String target, String session) {
            this.target = target;
            this.session = session;
        }

        /** Loads a page, with a script that runs before all of the page's own. */
        void load(String url, String script) {
            ask("Page.enable");
            ask("Page.addScriptToEvaluateOnNewDocument", "source", script);
            ask("Page.navigate", "url", url);
        }

        /** Brings it before the others. */
        void activate() {
            send("Target.activateTarget", "targetId", target);
        }

        /** Stops all that goes on in it, as a browser does with a tab that was hidden long enough. */
        void freeze() {
            ask("Page.setWebLifecycleState", "state", "frozen");
        }

        /** Lets it go on. */
        void resume() {
            ask("Page.setWebLifecycleState", "state", "active");
        }

        /** Returns what an expression comes to, as text. */
        String evaluate(String expression) {
            JsonElement value = ask("Runtime.evaluate", "expression", "String(" + expression + ")")
                    .getAsJsonObject("result")
                    .get("value");
            return value == null ? "" : value.getAsString();
        }

        private JsonObject ask(String method, String... namesAndValues) {
            int id = ++messages;
            JsonObject message = new JsonObject();
            message.addProperty("id", id);
            message.addProperty("method", method);
            message.add("params", object(namesAndValues));
            send("Target.sendMessageToTarget", "sessionId", session, "message", message.toString());
            JsonObject answer = answers.remove(id);
            while (answer == null) {
                send("Browser.getVersion"); // answers are heard while another one is waited for
                answer = answers.remove(id);
            }
            return answer.getAsJsonObject("result");
        }
    }

    private void keep(JsonObject event) {
        JsonObject message =
                JsonParser.parseString(event.get("message").getAsString()).getAsJsonObject();
        if (message.has("id")) {
            answers.put(message.get("id").getAsInt(), message);
        }
    }

    private JsonObject send(String method, String... namesAndValues) {
        return browser.send(method, object(namesAndValues));
    }

    private static JsonObject object(String... namesAndValues) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.addProperty(namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }
}
