package dev.phasor.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;

/** A connection to the gRPC port that sends frames of HTTP/2 as a test writes them. */
final class RawHttp2 implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RESET = 3;
    static final int WINDOW_UPDATE = 8;

    static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int SETTINGS = 4;
    private static final int HEAD = 9;
    private static final int LITERAL = 0;
    /** Lengths from here on take more than one byte of a header. */
    private static final int LONG = 127;

    private final Socket socket;
    private final DataInputStream in;

    RawHttp2(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
        send(SETTINGS, 0, 0, new byte[0]);
    }

    void send(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(HEAD + payload.length);
        frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
        socket.getOutputStream().write(frame.array());
    }

    /** Begins a call. */
    void call(int stream, String path) throws IOException {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        header(block, ":method", "POST");
        header(block, ":scheme", "http");
        header(block, ":path", path);
        header(block, ":authority", "localhost");
        header(block, "content-type", "application/grpc");
        header(block, "te", "trailers");
        send(HEADERS, END_HEADERS, stream, block.toByteArray());
    }

    private static void header(ByteArrayOutputStream block, String name, String value) {
        block.write(LITERAL);
        text(block, name);
        text(block, value);
    }

    private static void text(ByteArrayOutputStream block, String text) {
        int length = text.length();
        if (length < LONG) {
            block.write(length);
        } else {
            block.write(LONG);
            for (length -= LONG; length >= 128; length >>= 7) {
                block.write(length & 127 | 128);
            }
            block.write(length);
        }
        block.writeBytes(text.getBytes(ISO_8859_1));
    }

    /** Reads until a stream has ended, in trailers or by a reset, or until the connection is closed. */
    void awaitEnd(int stream) throws IOException {
        while (true) {
            int length;
            try {
                length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            } catch (java.io.EOFException e) {
                return;
            }
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int of = in.readInt();
            in.readNBytes(length);
            if (of == stream && (type == RESET || (type == HEADERS && (flags & END_STREAM) != 0))) {
                return;
            }
        }
    }

    /** Reads until the connection is closed. */
    void awaitClose() throws IOException {
        while (in.read() >= 0) {
            // What comes is not looked at.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
