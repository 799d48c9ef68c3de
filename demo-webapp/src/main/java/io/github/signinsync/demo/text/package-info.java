// SPDX-License-Identifier: Apache-2.0
/**
 * Writing HTML and JSON so that no value can break out of its place. Shared by the application and the stand-in provider,
 * which are otherwise strangers.
 */
@NullMarked
package io.github.signinsync.demo.text;

import org.jspecify.annotations.NullMarked;
