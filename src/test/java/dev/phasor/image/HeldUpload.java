package dev.phasor.image;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A request that is in flight until its body is finished: the service has asked for the body, so it is at work on it.
 */
final class HeldUpload implements AutoCloseable {

    private static final String CONTINUE = "HTTP/1.1 100 \r\n\r\n";

    private final Socket socket;
    private final byte[] body;

    private HeldUpload(Socket socket, byte[] body) {
        this.socket = socket;
        this.body = body;
    }

    static HeldUpload begin(String host, int port, byte[] wav) throws IOException {
        Socket socket = new Socket(host, port);
        String head = "POST /v1/reconstruct HTTP/1.1\r\nHost: " + host
                + "\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Type: audio/wav\r\nContent-Length: "
                + wav.length
                + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        String answer = read(socket.getInputStream(), CONTINUE.length());
        if (!answer.equals(CONTINUE)) {
            socket.close();
            throw new IOException("the service must ask for the body, got " + answer);
        }
        return new HeldUpload(socket, wav);
    }

    /** The whole answer: status, headers, body. */
    String finish() throws IOException {
        socket.getOutputStream().write(body);
        return read(socket.getInputStream(), Integer.MAX_VALUE);
    }

    private static String read(InputStream in, int length) throws IOException {
        return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
