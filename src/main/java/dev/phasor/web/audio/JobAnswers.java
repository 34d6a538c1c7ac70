package dev.phasor.web.audio;

import dev.phasor.codec.Id3Tag;
import dev.phasor.decoder.ForeignFormat;
import dev.phasor.job.AnswerSink;
import dev.phasor.job.Answers;
import dev.phasor.job.Attempt;
import dev.phasor.job.KeptRequest;
import dev.phasor.operation.Endpoint;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.HttpMediaTypeNotSupportedException;

/** Answers the requests of jobs, through the same reader, operations and writer as those of connections. */
final class JobAnswers implements Answers {

    private final Exchange exchange;

    JobAnswers(Exchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void checkType(@Nullable String contentType) throws HttpMediaTypeNotSupportedException {
        CallReader.checkType(contentType);
    }

    @Override
    public void answer(KeptRequest request, Body body, long bytes, Attempt attempt, AnswerSink out) throws Exception {
        Endpoint endpoint = Endpoint.valueOf(request.endpoint().toUpperCase(Locale.ROOT));
        try (InputStream opened = new BufferedInputStream(body.open())) {
            Kept kept = new Kept(request, type(request, opened), opened, bytes, attempt);
            exchange.run(endpoint, kept, new Into(out, attempt), attempt);
        }
    }

    /** The type of a body; where none is told that of a sound file by its first bytes, so that a long one flows. */
    private static @Nullable String type(KeptRequest request, InputStream body) throws IOException {
        if (request.contentType() != null || request.contentEncoding() != null) {
            return request.contentType();
        }
        byte[] head = CallReader.head(Id3Tag.skip(body));
        return Stream.of(Form.WAV, Form.FLAC)
                .filter(form -> form.begins(head))
                .map(form -> form.type().toString())
                .findFirst()
                .or(() -> ForeignFormat.ofFirstBytes(head)
                        .map(format -> format.types().get(0)))
                .orElse(null);
    }

    private record Kept(KeptRequest request, @Nullable String type, InputStream body, long bytes, Attempt attempt)
            implements Sent {

        @Override
        public @Nullable String header(String name) {
            return switch (name) {
                case HttpHeaders.CONTENT_TYPE -> type;
                case HttpHeaders.CONTENT_ENCODING -> request.contentEncoding();
                case HttpHeaders.ACCEPT -> request.accept();
                default -> null;
            };
        }

        @Override
        public long length() {
            return bytes;
        }

        @Override
        public Map<String, String[]> parameters() {
            Map<String, String[]> parameters = new LinkedHashMap<>();
            for (String pair : request.query().split("&")) {
                if (!pair.isEmpty()) {
                    int equals = pair.indexOf('=');
                    String name = decoded(pair.substring(0, equals));
                    String[] before = parameters.getOrDefault(name, new String[0]);
                    String[] after = Arrays.copyOf(before, before.length + 1);
                    after[before.length] = decoded(pair.substring(equals + 1));
                    parameters.put(name, after);
                }
            }
            return parameters;
        }

        private static String decoded(String text) {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        }

        @Override
        public String client() {
            // A client's jobs together are one more client.
            return "jobs of " + attempt.job().client();
        }

        @Override
        public BooleanSupplier gone() {
            return attempt::gone;
        }
    }

    private record Into(AnswerSink sink, Attempt attempt) implements Reply {

        @Override
        public void header(String name, String value) {
            sink.header(name, value);
        }

        @Override
        public void type(String type) {
            sink.header(HttpHeaders.CONTENT_TYPE, type);
        }

        @Override
        public void length(long bytes) {
            // The file tells it.
        }

        @Override
        public OutputStream body() {
            attempt.stage("writing");
            return sink.body();
        }
    }
}
