// SPDX-License-Identifier: Apache-2.0
/**
 * Whether a token is what it claims to be. Text goes in, one of four outcomes comes out, and nothing is thrown.
 *
 * <p>Not API: applications see {@link io.github.signinsync.SessionPrincipal} only.
 */
@NullMarked
package io.github.signinsync.token;

import org.jspecify.annotations.NullMarked;
