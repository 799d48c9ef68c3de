// SPDX-License-Identifier: Apache-2.0
/** Where signing keys come from and how long they are good. */
@NullMarked
package io.github.signinsync.keys;

import org.jspecify.annotations.NullMarked;
