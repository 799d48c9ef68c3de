// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

/** Leaves verification early. Checked, so that the compiler sees it caught; it never gets past {@link TokenVerifier}. */
final class Refused extends Exception {

    private static final long serialVersionUID = 1L;

    private final Rejection reason;

    Refused(Rejection reason) {
        // Without a stack trace, which costs more than all checks before the signature together.
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    Rejection reason() {
        return reason;
    }
}
