// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the text of a key set (RFC 7517, section 5). Strict about the document, patient about its entries: one that we
 * do not understand is skipped and counted, and the others keep working.
 */
final class JwksDocument {

    private static final int DEEPEST = 20;
    private static final ObjectReader JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private JwksDocument() {}

    static KeySetRead read(byte[] body) {
        JsonNode document;
        try {
            // Decoded here, since a JSON parser given bytes would also guess at UTF-16 and UTF-32.
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            document = JSON.readTree(text);
        } catch (CharacterCodingException | JsonProcessingException | RuntimeException notStrictJson) {
            return new KeySetRead.Failed(ReadFailure.UNREADABLE);
        }
        return document.isObject() && document.path("keys").isArray()
                ? sorted(document.path("keys"))
                : new KeySetRead.Failed(ReadFailure.UNREADABLE);
    }

    private static KeySetRead sorted(JsonNode entries) {
        Map<String, SigningKey> keys = new HashMap<>();
        Set<String> ambiguous = new HashSet<>();
        List<JwkEntry.Unusable> skipped = new ArrayList<>();
        for (JsonNode entry : entries) {
            JwkEntry judged = JwkEntry.of(entry);
            if (judged instanceof JwkEntry.Unusable unusable) {
                skipped.add(unusable);
            } else if (judged instanceof JwkEntry.Usable usable) {
                SigningKey key = usable.key();
                SigningKey other = keys.putIfAbsent(key.id(), key);
                if (other != null && !other.equals(key) && ambiguous.add(key.id())) {
                    skipped.add(new JwkEntry.Unusable(key.id(), "duplicate"));
                }
            }
        }
        // Which of two keys is meant cannot be told, and guessing would let whoever adds an entry choose.
        keys.keySet().removeAll(ambiguous);
        return keys.isEmpty() ? new KeySetRead.Failed(ReadFailure.EMPTY, skipped) : new KeySetRead.Done(keys, skipped);
    }
}
