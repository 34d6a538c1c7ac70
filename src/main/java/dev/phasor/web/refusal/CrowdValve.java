package dev.phasor.web.refusal;

import dev.phasor.web.connection.Client;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.AbstractProtocol;
import org.springframework.http.HttpHeaders;

/**
 * Leaves threads to others: requests hold one each while they wait for their client, who may take as long as its pace
 * allows. Of the threads that the others leave an address may hold a share.
 */
final class CrowdValve extends ValveBase {

    private final ProblemWriter problems;
    private final int share;
    private final Map<String, Integer> running = new HashMap<>();
    private int all;

    /** @param share in percent */
    CrowdValve(ProblemWriter problems, int share) {
        super(true);
        this.problems = problems;
        this.share = share;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        String client = Client.nameOf(request);
        if (!enter(client, threads(request))) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
            response.setHeader(HttpHeaders.CONNECTION, "close");
            problems.write(
                    request,
                    response,
                    ProblemCode.BUSY,
                    "as many requests of one address are answered at once as may be (phasor.client.request-share)");
            return;
        }
        try {
            getNext().invoke(request, response);
        } finally {
            leave(client);
        }
    }

    private static int threads(Request request) {
        return request.getConnector().getProtocolHandler() instanceof AbstractProtocol<?> protocol
                ? protocol.getMaxThreads()
                : Integer.MAX_VALUE;
    }

    private synchronized boolean enter(String client, int threads) {
        int own = running.getOrDefault(client, 0);
        long most = Math.max(1, (long) share * (threads - (all - own)) / 100);
        if (own >= most) {
            return false;
        }
        running.put(client, own + 1);
        all++;
        return true;
    }

    private synchronized void leave(String client) {
        running.computeIfPresent(client, (name, own) -> own == 1 ? null : own - 1);
        all--;
    }
}
