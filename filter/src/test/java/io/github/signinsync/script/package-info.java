// SPDX-License-Identifier: Apache-2.0
/**
 * Tests of the browser script. Its decisions are tested as tables in a plain script engine, its types by the TypeScript
 * compiler, and the whole of it in a real browser against the real filter, in every container, with a fault injector before
 * it.
 *
 * <p>Identifiers such as V07 name the scenario a test keeps a promise about; the fake provider and the page are plain
 * scripts under the test resources, so that they can be read and opened on their own.
 */
@NullMarked
package io.github.signinsync.script;

import org.jspecify.annotations.NullMarked;
