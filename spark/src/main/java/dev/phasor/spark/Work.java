package dev.phasor.spark;

import dev.phasor.compute.BusyException;
import dev.phasor.operation.Input;
import dev.phasor.signal.InvalidInputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * What a task does: a row for each of its recordings, whatever is in them. Only answers that cannot be kept fail it.
 */
final class Work implements FlatMapFunction<List<Recording>, Row> {

    private static final long serialVersionUID = 1L;

    private final Options options;
    private final Folder folder;
    private final @Nullable Folder references;
    private final Answers answers;

    Work(Options options, Folder folder, @Nullable Folder references, Answers answers) {
        this.options = options;
        this.folder = folder;
        this.references = references;
        this.answers = answers;
    }

    @Override
    public Iterator<Row> call(List<Recording> recordings) {
        return recordings.stream().map(this::row).iterator();
    }

    private Row row(Recording recording) {
        Line line = new Line(options, recording);
        try {
            return Engine.with(engine -> answer(engine, recording, line));
        } catch (InvalidInputException e) {
            return line.failed(e.code().name().toLowerCase(Locale.ROOT), e.getMessage());
        } catch (BusyException e) {
            return line.failed(e.code().name().toLowerCase(Locale.ROOT), e.getMessage());
        } catch (OutOfMemoryError e) {
            return line.failed(
                    "busy",
                    "the executor's memory was too little (" + e.getMessage() + "): give spark.executor.memory");
        } catch (IOException e) {
            return line.failed("unreadable", String.valueOf(e.getMessage()));
        }
    }

    private Row answer(Engine engine, Recording recording, Line line) throws IOException {
        double[] seconds = new double[1];
        return engine.answer(
                options.endpoint(),
                options.parameters(),
                (inputs, description, memory) -> {
                    SourceFile source = new SourceFile(inputs, description, memory);
                    read(source, Input.FILE, folder, recording);
                    seconds[0] = source.seconds();
                    if (references != null) {
                        read(source, options.as(), references, reference(references, recording));
                    }
                },
                (answer, call) -> {
                    AnswerFile file = AnswerFile.of(answer, call);
                    if (!file.exists()) {
                        return line.answered(null, 0, seconds[0], file.report());
                    }
                    String name = recording.answer() + "." + file.extension();
                    return line.answered(name, keep(name, file), seconds[0], file.report());
                });
    }

    private long keep(String name, AnswerFile file) {
        try {
            return answers.write(name, file::write);
        } catch (IOException e) {
            // No fault of the recording: the task is tried again, elsewhere perhaps.
            throw new IllegalStateException("cannot write " + name + " to " + answers.root() + ": " + e, e);
        }
    }

    private static void read(SourceFile source, Input input, Folder folder, Recording file) throws IOException {
        try (InputStream in = folder.open(file.path())) {
            source.read(input, in, file.bytes());
        }
    }

    private static Recording reference(Folder references, Recording recording) throws IOException {
        try {
            return references.like(recording);
        } catch (FileNotFoundException e) {
            throw new InvalidInputException(InvalidInputException.Code.BAD_PARAMETER, String.valueOf(e.getMessage()));
        }
    }
}
