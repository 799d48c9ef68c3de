// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.SessionIdentity;
import jakarta.servlet.http.HttpSession;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SessionBindingTest {

    private static final SessionBinding BINDING =
            new SessionBinding(new SessionIdentity("https://issuer.example", "alice", "s1"), 1_763_899_200, false);

    @Test
    @DisplayName("C16 what a session store gets is small and is read back as it was")
    void isSmallAndSerialisable() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(BINDING);
        }

        assertTrue(bytes.size() < 400, () -> "is " + bytes.size());
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertEquals(BINDING, in.readObject());
        }
    }

    @Test
    void thatCannotBeReadCountsAsATombstone() {
        SessionBinding unreadable = SessionBinding.of(sessionThat(new UnsupportedOperationException("store")));
        assertTrue(unreadable != null && unreadable.ended());

        assertNull(SessionBinding.of(sessionThat(new IllegalStateException("invalid"))));
        assertNull(SessionBinding.of(null));
    }

    @Test
    void saysNothingOfTheUser() {
        assertFalse(BINDING.toString().contains("alice"));
        assertFalse(BINDING.identity().toString().contains("alice"));
    }

    @Test
    void isOfTheSameUserWhateverTheSessionAtTheIssuer() {
        SessionIdentity alice = BINDING.identity();

        assertTrue(alice.isSameUser(new SessionIdentity("https://issuer.example", "alice", null)));
        assertFalse(alice.isSameUser(new SessionIdentity("https://issuer.example", "bob", "s1")));
        assertFalse(alice.isSameUser(new SessionIdentity("https://issuer.example/", "alice", "s1")));
    }

    private static HttpSession sessionThat(RuntimeException fails) {
        return (HttpSession) Proxy.newProxyInstance(
                HttpSession.class.getClassLoader(), new Class<?>[] {HttpSession.class}, (proxy, method, arguments) -> {
                    throw fails;
                });
    }
}
