// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The script under test: as its sources lie, and as the build bundles them. */
final class Script {

    private static final Path SOURCES = Path.of("src/main/script");

    private Script() {}

    /** What a plain script element loads. */
    static String classic() {
        return text("/io/github/signinsync/servlet/signin-sync.js");
    }

    /** What an import loads. */
    static String module() {
        return classic() + "\n" + text("/io/github/signinsync/servlet/signin-sync.module.js");
    }

    /** The modules it is made of, by their path, and their declarations. */
    static Map<String, String> sources() {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            Map<String, String> sources = new TreeMap<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sources.put(SOURCES.relativize(file).toString().replace('\\', '/'), Files.readString(file));
            }
            return sources;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Lays the sources out in a folder, beside scripts of the tests' own. */
    static void layOut(Path folder, String... testResources) throws IOException {
        for (Map.Entry<String, String> source : sources().entrySet()) {
            Path file = folder.resolve(source.getKey());
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            Files.writeString(file, source.getValue());
        }
        for (String name : testResources) {
            Files.write(folder.resolve(name), testResource(name));
        }
    }

    /** Scripts of the tests' own: the fake provider, the page, the vocabulary of the decision tables. */
    static byte[] testResource(String file) {
        return read("/io/github/signinsync/script/" + file);
    }

    private static String text(String resource) {
        return new String(read(resource), UTF_8);
    }

    private static byte[] read(String resource) {
        try (InputStream stream = Objects.requireNonNull(Script.class.getResourceAsStream(resource), resource)) {
            return stream.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
