// SPDX-License-Identifier: Apache-2.0
/**
 * What the filter is told: one immutable value, {@link io.github.signinsync.config.SigninSyncConfig}, its builder, and
 * the reader that fills the builder from init-params, system properties and the environment.
 *
 * <p>Every rule about a setting lives here, so that a wrong one stops the start with a message that says what to write
 * instead. What a setting <em>does</em> lives in the room that gets its nested record. Adding a setting takes one constant
 * in {@link io.github.signinsync.config.Setting} and one builder method; a test holds the README's table against them.
 *
 * <p><b>Narrower scope wins</b>: builder, init-param, system property, environment, default. A wider scope cannot
 * re-point an application that names its own issuer: what can widen trust (key set, algorithms) is then read from the
 * issuer's own scope or a narrower one. The alternative, plain overriding, let one JVM-wide variable swap an application's keys.
 */
@NullMarked
package io.github.signinsync.config;

import org.jspecify.annotations.NullMarked;
