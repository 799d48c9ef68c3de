// SPDX-License-Identifier: Apache-2.0
/**
 * Starts the demo with one command: the packaged WAR in an embedded container, and the stand-in provider on a second port.
 *
 * <p>The WAR is deployed as a stranger's would be, so that the filter is found through its web fragment and the script
 * through the filter, exactly as in production. Wiring servlets by hand would be shorter and would prove nothing.
 */
@NullMarked
package io.github.signinsync.demo.launcher;

import org.jspecify.annotations.NullMarked;
