// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One text, one meaning: what the reader takes, and that the second reader takes it the same way. */
class StrictJsonTest {

    private static final ObjectMapper SECOND_READER = new ObjectMapper();

    @Test
    void readsEveryKindOfValue() throws Exception {
        assertEquals(
                Map.of(
                        "text",
                        "a\u00e9\"\n",
                        "yes",
                        true,
                        "no",
                        false,
                        "whole",
                        1L,
                        "long",
                        Long.MAX_VALUE,
                        "longer",
                        new BigInteger("9223372036854775808"),
                        "fraction",
                        -1.5,
                        "exponent",
                        100.0,
                        "list",
                        List.of(1L, List.of(), "x"),
                        "object",
                        Map.of("a", Map.of())),
                read("{\"text\":\"a\u00e9\\\"\\n\",\"yes\":true,\"no\":false,\"none\":null,\"whole\":1,"
                        + "\"long\":9223372036854775807,\"longer\":9223372036854775808,\"fraction\":-1.5,"
                        + "\"exponent\":1e2,\"list\":[1,[],null,\"x\"],\"object\":{\"a\":{\"b\":null}}}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,}",
                "{a:1}",
                "{'a':1}",
                "{\"a\":[1,]}",
                "{\"a\":[1}",
                "{\"a\":tru}",
                "{\"a\":True}",
                "{\"a\":1/*x*/}",
                "{\"a\":1}//x",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u00\"}",
                "{\"a\":\"x}",
                "{\"a\":-}",
                "{\"a\":1e}",
                "{\"a\":NaN}",
                "{\"a\":-Infinity}",
                "{\"a\":1}{\"b\":2}",
                "{\"a\":1} 1",
                "\uFEFF{}",
                "{}\uFEFF",
                "{\u00a0}",
                "{\"a\":1,\"a\":1}",
                "{\"\":1,\"\":1}",
                "{\"a\":null,\"a\":1}"
            })
    void refusesWhatIsNoJson(String text) {
        assertMalformed(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", " {} ", "\n{\t}\r", "{\"a\":1,\"A\":1}", "{\"\":1}", "{\"a\":{\"b\":1},\"c\":{\"b\":1}}"})
    void acceptsWhatIs(String text) throws Exception {
        assertEquals(second(text), read(text));
    }

    @ParameterizedTest
    @CsvSource({
        "c3a9,true", // é
        "f09f9880,true", // a face, four bytes
        "ff,false",
        "c3,false", // cut short
        "a9,false", // no beginning
        "c0af,false", // an overlong slash
        "e080af,false",
        "eda080,false", // half a surrogate pair
        "edbfbf,false",
        "f4908080,false" // beyond the last character
    })
    void refusesWhatIsNoUtf8(String hex, boolean accepted) {
        byte[] inside = bytes("{\"a\":\"", hex, "\"}");
        byte[] inName = bytes("{\"", hex, "\":1}");
        if (accepted) {
            assertEquals(1, readBytes(inside).size());
            assertEquals(1, readBytes(inName).size());
        } else {
            assertMalformed(inside);
            assertMalformed(inName);
        }
    }

    @Test
    void refusesUtf16() {
        assertMalformed("{}".getBytes(StandardCharsets.UTF_16));
        assertMalformed("{}".getBytes(StandardCharsets.UTF_16LE));
    }

    @ParameterizedTest
    @CsvSource({
        "\\ud83d\\ude00,true",
        "\\ud83d,false",
        "\\ude00,false",
        "\\ude00\\ud83d,false",
        "\\ud83dx\\ude00,false",
        "\\ud83d\\ud83d\\ude00,false"
    })
    void refusesHalfASurrogatePair(String escaped, boolean accepted) {
        for (String text : List.of(
                "{\"a\":\"" + escaped + "\"}", "{\"" + escaped + "\":1}", "{\"a\":[{\"b\":\"" + escaped + "\"}]}")) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            if (accepted) {
                assertEquals(1, readBytes(bytes).size());
            } else {
                assertMalformed(bytes);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"18,true", "19,true", "20,false", "2000,false"})
    void goesTwentyLevelsDeep(int below, boolean accepted) {
        String lists = "{\"a\":" + "[".repeat(below) + "]".repeat(below) + "}";
        String objects = "{\"a\":".repeat(below) + "{}" + "}".repeat(below);
        for (String text : List.of(lists, objects)) {
            if (accepted) {
                assertEquals(
                        1, readBytes(text.getBytes(StandardCharsets.US_ASCII)).size());
            } else {
                assertMalformed(text.getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"99,true", "100,true", "101,false", "5000,false"})
    void numbersHaveAtMostAHundredCharacters(int length, boolean accepted) {
        for (String number : List.of("9".repeat(length), "0." + "3".repeat(length - 2))) {
            byte[] bytes = ("{\"a\":" + number + "}").getBytes(StandardCharsets.US_ASCII);
            if (accepted) {
                assertEquals(1, readBytes(bytes).size());
            } else {
                assertMalformed(bytes);
            }
        }
    }

    /** What both accept, both must understand alike: java-jwt reads the token after us. */
    @Test
    void whatIsAcceptedTheSecondReaderUnderstandsAlike() throws Exception {
        String seed =
                "{\"iss\":\"https://idp\",\"sub\":\"\\u0061l\\\"ice\",\"exp\":1763900000,\"f\":-1.25e2,\"n\":null,"
                        + "\"o\":{\"a\":[1,true,{\"b\":\"\u00e9\"},null],\"c\":false},\"big\":123456789012345678901}";
        String alphabet = "{}[]\",:0123456789.eE+-\\u/abtrufalsn \u0000\u00e9";
        Random random = new Random(20261123);
        int accepted = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(seed);
            for (int change = random.nextInt(3); change >= 0; change--) {
                Mutation.apply(text, alphabet, random);
            }
            Map<String, Object> first;
            try {
                first = read(text.toString());
            } catch (Refused expected) {
                continue;
            }
            accepted++;
            assertEquals(second(text.toString()), first, text::toString);
        }
        assertTrue(accepted > 2_000, "accepted " + accepted);
    }

    private static Map<String, Object> read(String text) throws Refused {
        return StrictJson.readObject(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> readBytes(byte[] utf8) {
        try {
            return StrictJson.readObject(utf8);
        } catch (Refused refused) {
            throw new AssertionError(refused);
        }
    }

    private static void assertMalformed(byte[] utf8) {
        Refused refused = assertThrows(Refused.class, () -> StrictJson.readObject(utf8));
        assertEquals(Rejection.MALFORMED, refused.reason());
    }

    private static Map<String, Object> second(String text) throws Exception {
        Map<String, @Nullable Object> read = SECOND_READER.readValue(text, new TypeReference<>() {});
        return withoutNulls(read);
    }

    private static Map<String, Object> withoutNulls(Map<?, ?> members) {
        Map<String, Object> result = new LinkedHashMap<>();
        members.forEach((name, value) -> {
            if (value != null) {
                result.put((String) name, comparable(value));
            }
        });
        return result;
    }

    private static Object comparable(Object value) {
        if (value instanceof Map<?, ?> map) {
            return withoutNulls(map);
        } else if (value instanceof List<?> list) {
            List<Object> result = new ArrayList<>();
            list.forEach(element -> {
                if (element != null) {
                    result.add(comparable(element));
                }
            });
            return result;
        }
        return value instanceof Integer number ? (Object) number.longValue() : value;
    }

    private static byte[] bytes(String before, String hex, String after) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(before.getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(HexFormat.of().parseHex(hex));
        bytes.writeBytes(after.getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }
}
