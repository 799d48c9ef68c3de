// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import jakarta.servlet.http.HttpServletResponse;

/** Keeps an answer out of every cache (OWASP ASVS 5.0, 14.3.2), and tells caches in between that it depends on cookies. */
final class NoStore {

    private NoStore() {}

    static void on(HttpServletResponse response) {
        response.setHeader("Cache-Control", "no-store");
        if (!response.getHeaders("Vary").contains("Cookie")) {
            response.addHeader("Vary", "Cookie");
        }
    }
}
