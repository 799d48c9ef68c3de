// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import io.github.signinsync.testing.RawHttp.Answer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What a browser keeps of the answers that reach it, in the order in which a test lets them. Nothing in it grows old. */
final class CookieJar {

    private final Map<String, String> cookies = new LinkedHashMap<>();

    /** Stores what the answer sets, and drops what it clears. */
    CookieJar store(Answer answer) {
        for (String line : answer.headers("Set-Cookie")) {
            int equals = line.indexOf('=');
            if (line.contains("; Max-Age=0;")) {
                cookies.remove(line.substring(0, equals));
            } else {
                cookies.put(line.substring(0, equals), line.substring(equals + 1, line.indexOf(';')));
            }
        }
        return this;
    }

    /** Forgets a cookie, as a browser does in time. */
    CookieJar without(String name) {
        cookies.remove(name);
        return this;
    }

    /** Returns the value of a cookie, or "" if there is none. */
    String value(String name) {
        return cookies.getOrDefault(name, "");
    }

    /** Returns the Cookie header that the browser sends, with whatever somebody planted beside. */
    String header(String... planted) {
        String own = cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
        return "Cookie: " + String.join("; ", planted) + (planted.length == 0 || own.isEmpty() ? "" : "; ") + own;
    }
}
