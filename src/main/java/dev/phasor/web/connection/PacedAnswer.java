package dev.phasor.web.connection;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.apache.catalina.connector.ClientAbortException;
import org.jspecify.annotations.Nullable;

/**
 * A response that is cut if the client reads it too slowly: it holds a thread and its memory until the client has read
 * it.
 */
final class PacedAnswer extends HttpServletResponseWrapper {

    private static final int STEP = 1 << 16;

    private final Client client;
    private final Pace pace;
    private @Nullable ServletOutputStream stream;

    PacedAnswer(HttpServletResponse response, Client client, ConnectionLimits limits) {
        super(response);
        this.client = client;
        this.pace = new Pace(limits.answerWait(), limits.answerRate());
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        if (stream == null) {
            stream = new Stream(super.getOutputStream());
        }
        return stream;
    }

    private final class Stream extends ServletOutputStream {

        private final ServletOutputStream out;

        private Stream(ServletOutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            for (int done = 0; done < count; done += STEP) {
                int step = Math.min(STEP, count - done);
                write(bytes, offset + done, step, System.nanoTime());
            }
        }

        private void write(byte[] bytes, int offset, int count, long start) throws IOException {
            try {
                out.write(bytes, offset, count);
                pace.count(System.nanoTime() - start, count);
            } catch (ClientAbortException e) {
                client.lose(e.getCause() instanceof IOException cause ? cause : e);
                throw e;
            } catch (IOException e) {
                client.lose(e);
                throw e;
            }
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }

        @Override
        public boolean isReady() {
            return out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            out.setWriteListener(listener);
        }
    }
}
