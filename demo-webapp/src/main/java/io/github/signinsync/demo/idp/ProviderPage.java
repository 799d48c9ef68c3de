// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.idp;

import static io.github.signinsync.demo.text.Html.text;

import io.github.signinsync.demo.idp.Logins.Login;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The provider's only page: people to pick, and the buttons that make it misbehave.
 *
 * @param login who is signed in here with this browser, if anybody
 * @param returnUrl where its buttons lead back to
 * @param appOrigin the application it serves
 * @param tokenLife how long tokens live
 * @param keyIds the published keys; the last one signs
 * @param down for how much longer it plays dead
 */
record ProviderPage(
        @Nullable Login login,
        String returnUrl,
        String appOrigin,
        Duration tokenLife,
        List<String> keyIds,
        Duration down) {

    String html() {
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <title>Lantern ID</title>
                <link rel="icon" href="data:,">
                <link rel="stylesheet" href="/provider.css">
                </head>
                <body>
                <header>
                  <span class="lamp" aria-hidden="true"></span>
                  <strong>Lantern&nbsp;ID</strong>
                  <small>stand-in identity provider</small>
                </header>
                <main>
                  <section class="door">
                    <h1>%s</h1>
                    <p class="sub">%s</p>
                    <form method="post" action="/sign-in">%s%s</form>
                    %s
                  </section>
                  <section class="bench" aria-labelledby="bench">
                    <h2 id="bench">Make it misbehave</h2>
                    %s
                    <dl>
                      <div><dt>Tokens live</dt><dd>%d seconds</dd></div>
                      <div><dt>Published keys</dt><dd>%s</dd></div>
                    </dl>
                    %s
                    %s
                    %s
                  </section>
                </main>
                <footer>No passwords here: this provider exists for the demo only. <a href="%s/">Back to the application</a></footer>
                </body>
                </html>
                """.formatted(
                login == null ? "Who are you?" : "Hello, " + text(login.person().name()),
                login == null
                        ? "Pick a person to continue to <b>" + text(appOrigin) + "</b>"
                        : "You are signed in here. Pick somebody else to switch.",
                back(),
                people(),
                login == null ? "" : button("/sign-out", "", "Sign out of Lantern", "", "quiet"),
                down.isZero()
                        ? ""
                        : "<p class=\"outage\" role=\"status\">Down for " + (down.toSeconds() + 1)
                                + " more seconds: keys and tokens answer 503.</p>",
                tokenLife.toSeconds(),
                keyIds.stream().map(id -> "<code>" + text(id) + "</code>").collect(Collectors.joining(" ")),
                button(
                                "/control/rotate",
                                "keep=60",
                                "Rotate keys",
                                "Signs with a new key; the old one stays published for a minute.",
                                "")
                        + button(
                                "/control/rotate",
                                "keep=0",
                                "Rotate, withdraw at once",
                                "Tokens signed with the old key stop being good.",
                                ""),
                down.isZero()
                        ? button(
                                "/control/down",
                                "seconds=30",
                                "Go down for 30 s",
                                "Keys and tokens answer 503. Signed-in people should not notice.",
                                "")
                        : button("/control/up", "", "Come back", "Ends the outage now.", ""),
                button(
                        "/control/end-logins",
                        "",
                        "Expire logins now",
                        "A token that is out cannot be recalled. The next one is refused.",
                        ""),
                text(appOrigin));
    }

    private String people() {
        return Person.ALL.stream()
                .map(person -> """
                        <button name="person" value="%s"%s><span class="face face-%s" aria-hidden="true">%s</span>\
                        <span><b>%s</b><small>%s</small></span>%s</button>""".formatted(
                                text(person.id()),
                                isHere(person) ? " aria-current=\"true\"" : "",
                                text(person.id()),
                                text(person.initials()),
                                text(person.name()),
                                text(person.about()),
                                person.roles().contains("admin") ? "<i>admin</i>" : ""))
                .collect(Collectors.joining());
    }

    private boolean isHere(Person person) {
        return login != null && login.person().equals(person);
    }

    private String button(String action, String query, String label, String what, String style) {
        return """
                <form method="post" action="%s?%s" class="%s">%s<button>%s</button><small>%s</small></form>""".formatted(action, text(query), style, back(), text(label), text(what));
    }

    private String back() {
        return "<input type=\"hidden\" name=\"redirect_url\" value=\"" + text(returnUrl) + "\">";
    }
}
