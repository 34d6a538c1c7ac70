package dev.phasor.speed;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.phasor.Bytes;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;

/** Our stages in a process of their own; the protocol is that of torch_stages.py beside benchmarks/run. */
final class StageProcess {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** What was computed last, so that the compiler cannot leave it out. */
    @SuppressWarnings("unused")
    private static volatile Object result;

    private StageProcess() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.setOut(System.err); // the service's log
        Stages stages = new Stages(Bytes.toFloats(Files.readAllBytes(Path.of(arguments[0]))));
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String name = "";
        Stages.TimedStage stage = new Stages.TimedStage(() -> "", "");
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            String[] request = line.split(" ");
            if (request[0].equals("version")) {
                answers.println("0\t0\t-1\t-1\tJava " + Runtime.version());
                continue;
            }
            if (!request[0].equals(name)) {
                name = request[0];
                stage = stages.open(name);
            }
            answers.println(measure(stage.work(), Double.parseDouble(request[1])) + "\t" + stage.note());
        }
        System.exit(0); // the service's threads
    }

    private static String measure(Callable<Object> work, double seconds) throws Exception {
        resetPeak();
        long allocated = allocated();
        List<Double> times = new ArrayList<>();
        long end = SYSTEM.getProcessCpuTime() + (long) (1e9 * seconds);
        while (times.isEmpty() || SYSTEM.getProcessCpuTime() < end) {
            long start = System.nanoTime();
            result = work.call();
            times.add(1e-6 * (System.nanoTime() - start));
        }
        long bytes = (allocated() - allocated) / times.size();
        Collections.sort(times);
        return times.get(times.size() / 2) + "\t" + times.get(0) + "\t" + bytes + "\t" + peak();
    }

    private static long allocated() {
        long sum = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
            sum += Math.max(0, bytes);
        }
        return sum;
    }

    private static void resetPeak() {
        try {
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
        } catch (IOException e) {
            // Only Linux has it; the peak is then that since the start.
        }
    }

    /** The largest resident memory in kB, or -1 where the system does not say. */
    private static long peak() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmHWM")) {
                    return Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        } catch (IOException e) {
            return -1;
        }
        return -1;
    }
}
