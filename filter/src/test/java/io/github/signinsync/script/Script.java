// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The two files under test, as the filter serves them. */
enum Script {
    MODULE("signin-sync.js"),
    CLASSIC("signin-sync.classic.js");

    private final String file;

    Script(String file) {
        this.file = file;
    }

    String file() {
        return file;
    }

    byte[] bytes() {
        return read("/io/github/signinsync/servlet/" + file);
    }

    /** Scripts of the tests' own: the fake provider, the page, the vocabulary of the decision tables. */
    static byte[] testResource(String file) {
        return read("/io/github/signinsync/script/" + file);
    }

    private static byte[] read(String resource) {
        try (InputStream stream = Objects.requireNonNull(Script.class.getResourceAsStream(resource), resource)) {
            return stream.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
