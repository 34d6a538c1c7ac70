package dev.phasor.web.grpc;

import dev.phasor.compute.BusyException;
import dev.phasor.compute.Shares;

/** Places for calls, of which one address may hold a share of those that the others leave. */
final class Places {

    private final int most;
    private final int share;
    private final String setting;
    private final Shares addresses = new Shares();
    private int taken;

    /**
     * @param share percent of the places left by others that one address may hold
     * @param setting name of the setting behind {@code most}
     */
    Places(int most, int share, String setting) {
        this.most = most;
        this.share = share;
        this.setting = setting;
    }

    synchronized int taken() {
        return taken;
    }

    /** @throws BusyException if there is none, or none for the address */
    synchronized void take(String address) {
        if (taken >= most || !addresses.take(address, 1, (long) most * share / 100, most)) {
            throw new BusyException("as many calls are open as may be (" + setting
                    + "), or of one address (phasor.client.request-share)");
        }
        taken++;
    }

    synchronized void give(String address) {
        taken--;
        addresses.give(address, 1);
    }
}
