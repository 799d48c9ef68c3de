// SPDX-License-Identifier: Apache-2.0
/**
 * The vocabulary an application may import: who is signed in ({@link io.github.signinsync.SessionPrincipal}), what
 * identifies a login ({@link io.github.signinsync.SessionIdentity}), what happened to it
 * ({@link io.github.signinsync.AuthChange}), and the three interfaces it may implement.
 *
 * <p>Nothing here knows about tokens, cookies or HTTP. An application that needs no code imports nothing at all: the
 * servlet API's own {@code getUserPrincipal}, {@code getRemoteUser} and {@code isUserInRole} are enough.
 */
@NullMarked
package io.github.signinsync;

import org.jspecify.annotations.NullMarked;
