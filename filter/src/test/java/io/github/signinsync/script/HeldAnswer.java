// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Predicate;

/** An answer that leaves only when it is sent, and without the cookies that are not wanted. */
final class HeldAnswer extends HttpServletResponseWrapper {

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final Predicate<String> setCookie;

    /**
     * Makes one.
     *
     * @param setCookie is shown each {@code Set-Cookie} line, and says whether it goes out
     */
    HeldAnswer(HttpServletResponse response, Predicate<String> setCookie) {
        super(response);
        this.setCookie = setCookie;
    }

    void send() throws IOException {
        getResponse().getOutputStream().write(body.toByteArray());
    }

    /** Sends the head and half of the body; then the connection breaks. */
    void sendHalf() throws IOException {
        byte[] half = Arrays.copyOf(body.toByteArray(), body.size() / 2);
        getResponse().getOutputStream().write(half);
        getResponse().flushBuffer();
        throw new IOException("The connection breaks here.");
    }

    @Override
    public void addHeader(String name, String value) {
        if (!name.equalsIgnoreCase("Set-Cookie") || setCookie.test(value)) {
            super.addHeader(name, value);
        }
    }

    @Override
    public ServletOutputStream getOutputStream() {
        return new ServletOutputStream() {
            @Override
            public void write(int value) {
                body.write(value);
            }

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setWriteListener(WriteListener listener) {
                throw new UnsupportedOperationException();
            }
        };
    }
}
