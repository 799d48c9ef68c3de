// SPDX-License-Identifier: Apache-2.0
/**
 * The whole product as its users meet it: the packaged demo in a process of its own, a provider on a second origin and a
 * real browser. What a page shows or a JSON answer says is all these tests know.
 */
@NullMarked
package io.github.signinsync.demo;

import org.jspecify.annotations.NullMarked;
