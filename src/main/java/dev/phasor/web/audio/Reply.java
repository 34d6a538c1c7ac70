package dev.phasor.web.audio;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;

/** Where an answer is written: to a connection, or into a job's file. Its headers are said before its body. */
interface Reply {

    void header(String name, String value);

    void type(String type);

    void length(long bytes);

    OutputStream body() throws IOException;

    /** The answer on a connection. */
    static Reply to(HttpServletResponse response) {
        return new Reply() {
            @Override
            public void header(String name, String value) {
                response.setHeader(name, value);
            }

            @Override
            public void type(String type) {
                response.setContentType(type);
            }

            @Override
            public void length(long bytes) {
                response.setContentLengthLong(bytes);
            }

            @Override
            public OutputStream body() throws IOException {
                return response.getOutputStream();
            }
        };
    }
}
