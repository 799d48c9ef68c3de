// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LauncherIT {

    @Test
    void tellsWhereItIsAndEndsWhenAsked() {
        try (Demo demo = Demo.start(Map.of())) {
            assertEquals(
                    List.of("Demo", "Provider", "Cookies", "Ctrl-C ends the demo."),
                    demo.lines().stream()
                            .map(line -> line.replaceFirst(":.*", ""))
                            .toList());
            HttpResponse<String> home = demo.get(demo.url(""));
            assertEquals(200, home.statusCode());
            assertTrue(home.body().contains(demo.providerUrl("clerk.js")), home.body());
            assertEquals(200, demo.get(demo.url("signin-sync/signin-sync.js")).statusCode());
            assertEquals(401, demo.get(demo.url("account/whoami.json")).statusCode());
            assertTrue(demo.endsWhenAsked());
        }
    }

    @Test
    void leavesTheIssuerToTheEnvironment() {
        Map<String, String> environment = Map.of("SIGNIN_SYNC_ISSUER", "https://clerk.example.com");
        try (Demo demo = Demo.start(environment)) {
            assertTrue(demo.lines().stream().noneMatch(line -> line.startsWith("Provider")), demo.lines()::toString);
            HttpResponse<String> login = demo.get(demo.url("login"));
            assertTrue(login.body().contains("DEMO_FRONT_END"), login.body());
        }
    }

    @Test
    void settingThatIsRefusedEndsItWithTheReason() {
        Map<String, String> environment = Map.of("SIGNIN_SYNC_LEEWAY", "60");
        IllegalStateException refused = assertThrows(IllegalStateException.class, () -> Demo.start(environment));
        assertTrue(String.valueOf(refused.getMessage()).contains("SIGNIN_SYNC_LEEWAY"), refused::getMessage);
    }
}
