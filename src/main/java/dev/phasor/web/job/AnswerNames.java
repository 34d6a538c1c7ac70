package dev.phasor.web.job;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The names of a batch's answers in their ZIP, each once. */
final class AnswerNames {

    private final Set<String> taken = new HashSet<>();
    /** By name: the number to try next. Every file may have the same name. */
    private final Map<String, Integer> next = new HashMap<>();

    /** @param taken a name that no answer has */
    AnswerNames(String taken) {
        this.taken.add(taken);
    }

    /** The name of a file's answer: the file's with another ending, and with a number if that was taken before. */
    String of(String file, String extension) {
        String plain = plain(file);
        String wanted = plain + "." + extension;
        String name;
        do {
            int number = next.merge(wanted, 1, Integer::sum);
            name = number == 1 ? wanted : plain + "-" + number + "." + extension;
        } while (!taken.add(name));
        return name;
    }

    /** A file's name without its ending, and without ways out of the folder that it is unpacked in. */
    private static String plain(String name) {
        List<String> parts = new ArrayList<>();
        for (String part : name.replace('\\', '/').split("/")) {
            if (!part.isEmpty() && !part.equals(".") && !part.equals("..") && part.indexOf(':') < 0) {
                parts.add(part);
            }
        }
        String all = parts.isEmpty() ? "file" : String.join("/", parts);
        int dot = all.lastIndexOf('.');
        return dot > all.lastIndexOf('/') + 1 ? all.substring(0, dot) : all;
    }
}
