// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged demo, started by the command of the README on free ports, and the buttons of its provider. */
final class Demo implements AutoCloseable {

    private static final String LAST_LINE = "Ctrl-C ends the demo.";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final List<String> lines;

    private Demo(Process process, List<String> lines) {
        this.process = process;
        this.lines = lines;
    }

    /** Starts the demo and returns when it says that it is up. */
    static Demo start(Map<String, String> environment) {
        Path target = Path.of("target");
        ProcessBuilder command = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-jar",
                target.resolve("signin-sync-demo.jar").toString());
        command.environment().keySet().removeIf(name -> name.startsWith("DEMO_") || name.startsWith("SIGNIN_SYNC_"));
        command.environment().putAll(Map.of("DEMO_PORT", "0", "DEMO_PROVIDER_PORT", "0"));
        command.environment().putAll(environment);
        try {
            Path log = Files.createTempFile(target, "demo-", ".log");
            Process process = command.redirectError(ProcessBuilder.Redirect.to(log.toFile()))
                    .start();
            return new Demo(process, linesOf(process, log));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> linesOf(Process process, Path log) throws IOException {
        List<String> lines = new ArrayList<>();
        BufferedReader output = process.inputReader();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            lines.add(line);
            if (line.equals(LAST_LINE)) {
                return List.copyOf(lines);
            }
        }
        throw new IllegalStateException("The demo did not start: " + lines + Files.readString(log));
    }

    List<String> lines() {
        return lines;
    }

    String url(String path) {
        return address("Demo: ") + path;
    }

    String providerUrl(String path) {
        return address("Provider: ") + path;
    }

    /** Presses a button of the provider, such as {@code rotate?keep=0}. */
    void press(String button) {
        post(providerUrl("control/" + button), 303);
    }

    /** Has posts of tokens fail for a while, before the filter sees them. */
    void failSync(int seconds) {
        post(url("demo-faults/sync?seconds=" + seconds), 200);
    }

    /** Ends whatever the buttons of the page <i>Try to break it</i> began. */
    void endFaults() {
        post(providerUrl("control/tokens?fault=none&seconds=0"), 200);
        failSync(0);
    }

    private void post(String url, int expected) {
        int status = send(HttpRequest.newBuilder(URI.create(url)).POST(HttpRequest.BodyPublishers.noBody()))
                .statusCode();
        if (status != expected) {
            throw new IllegalStateException(url + " answered " + status);
        }
    }

    HttpResponse<String> get(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Asks the process to end, as Ctrl-C would, and tells whether it did within ten seconds. */
    boolean endsWhenAsked() {
        process.destroy();
        try {
            return process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        if (!endsWhenAsked()) {
            process.destroyForcibly();
        }
    }

    private String address(String start) {
        return lines.stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No line starts with " + start + ": " + lines));
    }
}
