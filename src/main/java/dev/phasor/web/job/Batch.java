package dev.phasor.web.job;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.job.AnswerSink;
import dev.phasor.job.Answers;
import dev.phasor.job.Attempt;
import dev.phasor.job.AttemptEndedException;
import dev.phasor.job.KeptAnswer;
import dev.phasor.job.KeptRequest;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.apache.commons.compress.utils.ChecksumVerifyingInputStream;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.ObjectMapper;

/**
 * A ZIP or a form of files, each of which is a request with the same parameters. The answer is a ZIP of their answers
 * and of {@code manifest.json}, which has a line for each file: its status, and its report or what is wrong with it.
 * The answer of each file is kept as soon as it is there, so that a later attempt goes on with the next.
 */
final class Batch {

    static final String TYPE = "application/zip";

    /** The most files of a batch: the manifest is held in memory. */
    static final int MOST = 20_000;

    /** The longest name of a file, which its answer gets with an ending and a number. */
    private static final int MOST_NAME = 1000;

    private final Answers answers;
    private final ObjectMapper mapper;
    private final Attempt attempt;

    Batch(Answers answers, ObjectMapper mapper, Attempt attempt) {
        this.answers = answers;
        this.mapper = mapper;
        this.attempt = attempt;
    }

    static boolean isZip(KeptRequest request) {
        String type = request.contentType();
        return type != null
                && type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals(TYPE);
    }

    /**
     * One of its files.
     *
     * @param bytes of it
     */
    record Item(String name, long bytes, Answers.Body body) {}

    /** Answers the files of a ZIP. */
    void runZip(KeptAnswer answer) throws IOException {
        try (ZipFile zip = open()) {
            run(files(zip), attempt.job().request().query(), answer);
        } catch (ZipException e) {
            throw badParameter(
                    "the ZIP", "one of stored or deflated files without a password", String.valueOf(e.getMessage()));
        }
    }

    /** Names without the flag of UTF-8 are UTF-8 all the same, as macOS writes them, or code page 437. */
    private ZipFile open() throws IOException {
        File file = attempt.bodyFile().toFile();
        try {
            ZipEnd.check(file.toPath(), MOST);
            return new ZipFile(file, StandardCharsets.UTF_8);
        } catch (ZipException e) {
            return new ZipFile(file, Charset.forName("IBM437"));
        } catch (IOException e) {
            throw attempt.unreadable(e);
        }
    }

    /** Answers the files of a form. */
    void runForm(KeptAnswer answer) throws IOException {
        FormFiles form = FormFiles.read(attempt);
        run(form.files(), form.query(), answer);
    }

    private void run(List<Item> files, String query, KeptAnswer answer) throws IOException {
        try {
            for (int done = 0; done < files.size(); done++) {
                attempt.part(String.valueOf(done), part(done, files), part(done + 1, files));
                if (!Files.exists(attempt.kept(BatchAnswer.kept(done)))) {
                    attempt.gone();
                    answer(files.get(done), query, BatchAnswer.kept(done));
                    attempt.forgetStates();
                }
            }
        } catch (AttemptEndedException e) {
            if (!e.isCancelled()) {
                throw e;
            }
        }
        attempt.stage("writing");
        try {
            new BatchAnswer(mapper, attempt, files.stream().map(Item::name).toList()).write(answer);
        } catch (IOException e) {
            throw attempt.unreadable(e);
        }
    }

    private static double part(int done, List<Item> files) {
        return (double) done / files.size();
    }

    private List<Item> files(ZipFile zip) {
        List<Item> files = new ArrayList<>();
        Enumeration<? extends ZipEntry> entries = zip.entries();
        while (entries.hasMoreElements()) {
            ZipEntry entry = entries.nextElement();
            if (entry.getName().length() > MOST_NAME) {
                throw new InvalidInputException(
                        Code.TOO_LARGE,
                        "a name in a ZIP must have at most " + MOST_NAME + " characters, got "
                                + entry.getName().length());
            }
            if (entry.getName().indexOf('\0') >= 0) {
                throw badParameter(
                        "a name in a ZIP",
                        "without the character 0",
                        entry.getName().replace('\0', '?'));
            }
            if (!entry.isDirectory()) {
                files.add(new Item(entry.getName(), entry.getSize(), () -> checked(zip, entry)));
            }
            if (files.size() > MOST) {
                throw new InvalidInputException(Code.TOO_LARGE, "a ZIP must have at most " + MOST + " files, got more");
            }
        }
        if (files.isEmpty()) {
            throw badParameter("the ZIP", "at least one file", "none");
        }
        return files;
    }

    /** A file whose checksum is compared at its end. */
    private InputStream checked(ZipFile zip, ZipEntry entry) throws IOException {
        return new ChecksumVerifyingInputStream(
                new CRC32(), attempt.reading(zip.getInputStream(entry)), entry.getSize(), entry.getCrc());
    }

    /** Keeps the answer of one file: a line that describes it, and its body. */
    private void answer(Item file, String query, String number) throws IOException {
        KeptRequest whole = attempt.job().request();
        KeptRequest request = new KeptRequest(whole.endpoint(), query, null, null, whole.accept());
        try {
            attempt.keep(number, out -> {
                try {
                    answers.answer(request, file.body(), file.bytes(), attempt, new Head(out));
                } catch (IOException e) {
                    throw e;
                } catch (RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new RefusedFileException(e);
                }
            });
        } catch (AttemptEndedException e) {
            throw e;
        } catch (RefusedFileException e) {
            refuse(number, Fault.of(e.refusal()));
        } catch (Exception e) {
            refuse(number, Fault.of(e));
        }
    }

    private void refuse(String number, Fault fault) throws IOException {
        attempt.note(number, out -> {
            out.write(mapper.writeValueAsBytes(fault.line()));
            out.write('\n');
        });
    }

    /** Writes the line that describes an answer before its body. */
    private final class Head implements AnswerSink {

        private final OutputStream out;
        private final Map<String, Object> head = new LinkedHashMap<>();
        private boolean written;

        Head(OutputStream out) {
            this.out = out;
            head.put("status", 200);
            head.put("extension", "json");
        }

        @Override
        public void header(String name, String value) {
            if (name.equals("Phasor-Report")) {
                head.put("report", mapper.readTree(value));
            } else if (name.equals(HttpHeaders.CONTENT_DISPOSITION)) {
                head.put("extension", value.substring(value.lastIndexOf('.') + 1, value.lastIndexOf('"')));
            }
        }

        @Override
        public OutputStream body() {
            if (!written) {
                written = true;
                try {
                    out.write(mapper.writeValueAsBytes(head));
                    out.write('\n');
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return out;
        }
    }

    /** A file is refused with a checked exception. */
    private static final class RefusedFileException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final Exception refusal;

        RefusedFileException(Exception refusal) {
            super(refusal);
            this.refusal = refusal;
        }

        Exception refusal() {
            return refusal;
        }
    }
}
