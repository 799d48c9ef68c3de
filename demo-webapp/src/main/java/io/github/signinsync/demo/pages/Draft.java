// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.pages;

import java.io.Serializable;

/**
 * A claim that is being written, as it waits in the {@code HttpSession} between two steps.
 *
 * @param destination where the trip went
 * @param reason why
 * @param item what was paid for
 * @param amount how much, as typed
 */
public record Draft(String destination, String reason, String item, String amount) implements Serializable {

    /** What a new claim starts as. */
    static final Draft EMPTY = new Draft("", "", "", "");

    Draft withTrip(String newDestination, String newReason) {
        return new Draft(newDestination, newReason, item, amount);
    }

    Draft withCost(String newItem, String newAmount) {
        return new Draft(destination, reason, newItem, newAmount);
    }
}
