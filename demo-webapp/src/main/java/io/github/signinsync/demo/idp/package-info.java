// SPDX-License-Identifier: Apache-2.0
/**
 * Another company's server, for a demo without an account anywhere: it knows a few people, signs short-lived tokens for
 * them, and can be made to misbehave by buttons.
 *
 * <p>It runs on an origin of its own, so that the application can reach it only as it would a real one: by its key set
 * and by the script it serves. It asks for no password, so it is never for more than a demo or a test. A ready-made mock
 * server lost because none speaks like a front-end library such as Clerk's, and that half is what the demo is about.
 */
@NullMarked
package io.github.signinsync.demo.idp;

import org.jspecify.annotations.NullMarked;
