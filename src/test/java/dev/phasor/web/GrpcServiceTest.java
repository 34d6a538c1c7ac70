package dev.phasor.web;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

/** The started service and a client that knows its gRPC face by the protocol alone. */
abstract class GrpcServiceTest extends ServiceTest {

    GrpcClient client;

    @Autowired
    private GrpcServerLifecycle server;

    @BeforeEach
    void connect() {
        client = new GrpcClient(grpcPort());
    }

    @AfterEach
    void disconnect() throws InterruptedException {
        client.close();
    }

    int grpcPort() {
        return server.getPort();
    }

    static float[] noise(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    static float[] magnitudes(int count, long seed) {
        float[] values = noise(count, seed);
        for (int i = 0; i < count; i++) {
            values[i] = Math.abs(values[i]);
        }
        return values;
    }
}
