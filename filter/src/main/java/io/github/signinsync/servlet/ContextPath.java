// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import jakarta.servlet.http.HttpServletRequest;

/**
 * Where the application is, for URLs that we write. Containers give it as the request spelled it: {@code //host/..;/app} would
 * lead a browser, and the scripts it loads, to another host.
 */
final class ContextPath {

    private ContextPath() {}

    /** Returns the path as the request spells it, or as the application was deployed if that spelling is an odd one. */
    static String of(HttpServletRequest request) {
        String spelled = request.getContextPath();
        boolean odd = spelled.contains(";")
                || RequestPath.of("/", null, spelled + "/").ambiguous();
        return odd ? request.getServletContext().getContextPath() : spelled;
    }
}
