// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.github.signinsync.demo.text;

import org.jspecify.annotations.NullMarked;
