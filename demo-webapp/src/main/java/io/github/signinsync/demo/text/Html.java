// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.text;

import org.jspecify.annotations.Nullable;

/** Makes any value safe to stand in the text or in a quoted attribute of an HTML page. */
public final class Html {

    private Html() {}

    /**
     * Returns the value as HTML text.
     *
     * @param value anything; null gives nothing
     */
    public static String text(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        return value.toString()
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
