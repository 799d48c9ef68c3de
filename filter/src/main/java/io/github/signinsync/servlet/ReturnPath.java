// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

/** Where a browser may be sent back to after signing in: a path of this host and nothing else (OWASP ASVS 5.0, 3.7.2). */
final class ReturnPath {

    private ReturnPath() {}

    /** Tells whether every browser reads this as a path of the same host. */
    static boolean isSafe(String path) {
        return path.startsWith("/")
                && !path.startsWith("//")
                && !path.startsWith("/\\")
                && path.chars().noneMatch(Character::isISOControl);
    }
}
