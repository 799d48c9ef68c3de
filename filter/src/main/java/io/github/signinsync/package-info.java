// SPDX-License-Identifier: Apache-2.0
/** Placeholder. */
@NullMarked
package io.github.signinsync;

import org.jspecify.annotations.NullMarked;
