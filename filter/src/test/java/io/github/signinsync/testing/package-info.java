// SPDX-License-Identifier: Apache-2.0
/** What tests of more than one room, and of the demo, share. Nothing here depends on a test framework. */
@NullMarked
package io.github.signinsync.testing;

import org.jspecify.annotations.NullMarked;
