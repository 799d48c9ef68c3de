// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, collections, text, numbers, booleans and null as JSON. */
public final class Json {

    private Json() {}

    /**
     * Returns the value as JSON. Anything that is none of the above is written as its text.
     *
     * @param value the value
     */
    public static String text(@Nullable Object value) {
        if (value == null || value instanceof Boolean || value instanceof Number) {
            return String.valueOf(value);
        }
        if (value instanceof Map<?, ?> map) {
            List<String> members = new ArrayList<>();
            map.forEach((name, member) -> members.add(quoted(String.valueOf(name)) + ":" + text(member)));
            return "{" + String.join(",", members) + "}";
        }
        if (value instanceof Iterable<?> items) {
            List<String> elements = new ArrayList<>();
            items.forEach(item -> elements.add(text(item)));
            return "[" + String.join(",", elements) + "]";
        }
        return quoted(value.toString());
    }

    private static String quoted(String value) {
        StringBuilder json = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            // Also what HTML would read, so that the text may stand inside a page.
            if (c < ' ' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' || c > '~') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}
