// SPDX-License-Identifier: Apache-2.0
/**
 * Tidewater Claims, an application as many have one: servlets, JSP pages and an {@code HttpSession} with work in it.
 *
 * <p>It learns who is signed in from {@code getUserPrincipal} and {@code isUserInRole} alone. Of Signin Sync it names only
 * the root package, and only where it shows more than a name: nothing here checks a token or sets a cookie.
 */
@NullMarked
package io.github.signinsync.demo.pages;

import org.jspecify.annotations.NullMarked;
