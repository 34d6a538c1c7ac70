package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A client that offers to compress is answered without: nothing inflates before the service has counted it. */
class LiveUncompressedTest extends ServiceTest {

    @Test
    void noExtensionIsTaken() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream()
                    .write(("GET /v1/live HTTP/1.1\r\nHost: 127.0.0.1:" + port
                                    + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                                    + "sec-websocket-extensions: permessage-deflate; client_max_window_bits\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            BufferedReader head =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));

            assertThat(head.readLine()).startsWith("HTTP/1.1 101");
            for (String line = head.readLine(); line != null && !line.isEmpty(); line = head.readLine()) {
                assertThat(line).doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
            }
        }
    }
}
