// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.idp;

import java.util.List;

/**
 * Somebody who can sign in at the stand-in provider.
 *
 * @param id what the sign-in form sends
 * @param name the name that goes into tokens
 * @param about one line for the sign-in page
 * @param roles the roles that go into tokens
 */
record Person(String id, String name, String about, List<String> roles) {

    static final List<Person> ALL = List.of(
            new Person("alice", "Alice Winter", "Runs the office. May see everything.", List.of("admin", "user")),
            new Person("bob", "Bob Larsen", "Travels a lot.", List.of("user")),
            new Person("carol", "Carol Okafor", "Started on Monday.", List.of("user")));

    Person {
        roles = List.copyOf(roles);
    }

    /** Returns the {@code sub} claim: opaque, and never a name. */
    String subject() {
        return "user_" + id;
    }

    String initials() {
        return name.replaceAll("(\\w)\\w* (\\w)\\w*", "$1$2");
    }
}
