// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one JSON object that has one meaning only: UTF-8 to the letter, no member twice, nothing after the end. Two
 * readers that agree on such a text cannot be played off against each other, and java-jwt is the second reader.
 *
 * <p>What comes out is unmodifiable all the way down and free of null: a member or element that is {@code null} is
 * absent. Values are String, Boolean, Long, BigInteger, Double, List and Map.
 */
final class StrictJson {

    /** The limits are ours, because an application may bring an old Jackson that has none. */
    private static final int MAX_DEPTH = 20;

    private static final int MAX_NUMBER_LENGTH = 100;

    private static final JsonFactory JSON = JsonFactory.builder()
            // A stranger's member names do not belong in tables that outlive the request.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private StrictJson() {}

    /** Reads an object, leaving out what is null. */
    static Map<String, Object> readObject(byte[] utf8) throws Refused {
        return readObject(utf8, false);
    }

    /** Reads an object in which null says more than absence: then it is malformed. */
    static Map<String, Object> readObjectWithoutNull(byte[] utf8) throws Refused {
        return readObject(utf8, true);
    }

    private static Map<String, Object> readObject(byte[] utf8, boolean refuseNull) throws Refused {
        try (JsonParser parser = JSON.createParser(decode(utf8))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw malformed();
            }
            Map<String, Object> object = object(parser, 1, refuseNull);
            if (parser.nextToken() != null) {
                throw malformed();
            }
            return object;
        } catch (IOException notJson) {
            throw malformed();
        }
    }

    /** A new decoder reports what {@code new String(bytes, UTF_8)} would silently replace. */
    private static String decode(byte[] utf8) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    }

    private static Map<String, Object> object(JsonParser parser, int depth, boolean refuseNull)
            throws IOException, Refused {
        Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = text(parser);
            if (parser.nextToken() != JsonToken.VALUE_NULL || refuseNull) {
                members.put(name, value(parser, depth, refuseNull));
            }
        }
        return Collections.unmodifiableMap(members);
    }

    private static List<Object> array(JsonParser parser, int depth, boolean refuseNull) throws IOException, Refused {
        List<Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.VALUE_NULL || refuseNull) {
                elements.add(value(parser, depth, refuseNull));
            }
        }
        return Collections.unmodifiableList(elements);
    }

    private static Object value(JsonParser parser, int depth, boolean refuseNull) throws IOException, Refused {
        JsonToken token = parser.currentToken();
        if (token.isStructStart() && depth == MAX_DEPTH) {
            throw malformed();
        }
        return switch (token) {
            case START_OBJECT -> object(parser, depth + 1, refuseNull);
            case START_ARRAY -> array(parser, depth + 1, refuseNull);
            case VALUE_STRING -> text(parser);
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> fraction(parser);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw malformed();
        };
    }

    /** Half a surrogate pair, which only an escape can smuggle in, becomes "?" in some readers and stays in others. */
    private static String text(JsonParser parser) throws IOException, Refused {
        String text = parser.getText();
        if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw malformed();
        }
        return text;
    }

    private static Object integer(JsonParser parser) throws IOException, Refused {
        requireShortNumber(parser);
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? parser.getBigIntegerValue()
                : (Object) parser.getLongValue();
    }

    /** The range of a double is all that RFC 8259, section 6, lets a sender count on. */
    private static Object fraction(JsonParser parser) throws IOException, Refused {
        requireShortNumber(parser);
        double value = parser.getDoubleValue();
        if (!Double.isFinite(value)) {
            throw malformed();
        }
        return value;
    }

    private static void requireShortNumber(JsonParser parser) throws IOException, Refused {
        if (parser.getTextLength() > MAX_NUMBER_LENGTH) {
            throw malformed();
        }
    }

    private static Refused malformed() {
        return new Refused(Rejection.MALFORMED);
    }
}
