// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Takes this many bytes of a body at most, then leaves. Of an answer that is not wanted, it takes none. */
final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {

    private final CompletableFuture<byte[]> taken = new CompletableFuture<>();
    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private final int most;
    private Flow.@Nullable Subscription subscription;

    BoundedBody(int most) {
        this.most = most;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return taken;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (most == 0) {
            leave();
        } else {
            given.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            byte[] bytes = new byte[Math.min(buffer.remaining(), most - collected.size())];
            buffer.get(bytes);
            collected.writeBytes(bytes);
        }
        if (collected.size() == most) {
            leave();
        }
    }

    private void leave() {
        if (subscription != null) {
            subscription.cancel();
        }
        taken.complete(collected.toByteArray());
    }

    @Override
    public void onError(Throwable thrown) {
        taken.completeExceptionally(thrown);
    }

    @Override
    public void onComplete() {
        taken.complete(collected.toByteArray());
    }
}
