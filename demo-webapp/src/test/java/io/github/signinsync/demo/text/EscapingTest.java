// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EscapingTest {

    @Test
    void noValueLeavesItsPlaceInHtml() {
        assertEquals("&lt;b title=&quot;x&quot; &amp; &#39;y&#39;&gt;", Html.text("<b title=\"x\" & 'y'>"));
        assertEquals("", Html.text(null));
    }

    @Test
    void noValueLeavesItsPlaceInJson() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("a\"b", "line\nbreak \\ </script>");
        value.put("list", Arrays.asList(1, true, null));
        assertEquals(
                "{\"a\\u0022b\":\"line\\u000abreak \\u005c \\u003c/script\\u003e\",\"list\":[1,true,null]}",
                Json.text(value));
    }
}
