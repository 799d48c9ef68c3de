// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

import java.util.Random;

/** One random change to a text: a character replaced, inserted, deleted, repeated or exchanged with another. */
final class Mutation {

    private Mutation() {}

    static void apply(StringBuilder text, String alphabet, Random random) {
        int at = random.nextInt(text.length());
        char other = alphabet.charAt(random.nextInt(alphabet.length()));
        switch (random.nextInt(5)) {
            case 0 -> text.setCharAt(at, other);
            case 1 -> text.insert(at, other);
            case 2 -> text.deleteCharAt(at);
            case 3 -> text.insert(at, text.charAt(at));
            default -> {
                int second = random.nextInt(text.length());
                char kept = text.charAt(at);
                text.setCharAt(at, text.charAt(second));
                text.setCharAt(second, kept);
            }
        }
    }
}
