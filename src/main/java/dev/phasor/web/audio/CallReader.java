package dev.phasor.web.audio;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.CodecLimits;
import dev.phasor.codec.FirstBytes;
import dev.phasor.codec.FlacReader;
import dev.phasor.codec.Id3Tag;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyReader;
import dev.phasor.codec.Npz;
import dev.phasor.codec.NpzReader;
import dev.phasor.codec.WavReader;
import dev.phasor.compute.HeapRegions;
import dev.phasor.compute.Limits;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.MeteredInputStream;
import dev.phasor.decoder.Decoder;
import dev.phasor.decoder.ForeignFile;
import dev.phasor.decoder.ForeignFormat;
import dev.phasor.operation.Call;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Input;
import dev.phasor.operation.Inputs;
import dev.phasor.operation.Maxima;
import dev.phasor.operation.Parameter;
import dev.phasor.operation.Parameters;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.web.connection.BodyCoding;
import dev.phasor.web.form.Multipart;
import dev.phasor.web.json.JsonFault;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.tomcat.util.http.fileupload.FileItemStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import tools.jackson.databind.ObjectMapper;

/**
 * Decodes a raw or multipart request into its inputs and parameters. The file is long because every form of a body is
 * told apart in one place.
 */
final class CallReader {

    private static final MediaType ZIP = MediaType.valueOf("application/zip");

    /**
     * Bytes reserved for each byte of a body, besides the arrays, which the readers reserve: NPZ may be held, and each
     * JSON number, of two characters at least, becomes a float in a list and in its copy.
     */
    private static final int EXPANSION = 6;

    private static final List<MediaType> SUPPORTED = Stream.concat(
                    Stream.concat(
                            Arrays.stream(Form.values()).map(Form::type),
                            Arrays.stream(ForeignFormat.values()).map(CallReader::type)),
                    Stream.of(MediaType.MULTIPART_FORM_DATA))
            .toList();

    /** It is held while a body comes, however slowly. */
    private static final int BUFFER = 1 << 14;

    private final Limits limits;
    private final Maxima maxima;
    private final Decoder decoder;
    private final ObjectMapper mapper;

    CallReader(Limits limits, Maxima maxima, Decoder decoder, ObjectMapper mapper) {
        this.limits = limits;
        this.maxima = maxima;
        this.decoder = decoder;
        this.mapper = mapper;
    }

    Call read(Endpoint endpoint, Sent request, MemoryBudget.Reservation memory)
            throws IOException, HttpMediaTypeNotSupportedException {
        if (request.length() > limits.maxUpload().toBytes()) {
            throw new InvalidInputException(
                    Code.TOO_LARGE,
                    "the request body must be at most " + limits.maxUpload().toBytes()
                            + " bytes (phasor.limits.max-upload), got " + request.length());
        }
        MediaType type = checkType(request.contentType());
        boolean multipart = type != null && MediaType.MULTIPART_FORM_DATA.isCompatibleWith(type);
        BodyCoding coding = BodyCoding.of(request.header(HttpHeaders.CONTENT_ENCODING), SUPPORTED);
        if (multipart && coding != BodyCoding.IDENTITY) {
            throw new HttpMediaTypeNotSupportedException(
                    "Content-Encoding must be identity for multipart, got " + coding.wireName(), SUPPORTED);
        }
        InputStream sent =
                MeteredInputStream.limited(request.body(), limits.maxUpload().toBytes(), "phasor.limits.max-upload");
        Inputs inputs = new Inputs();
        Map<String, String> parameters = new HashMap<>();
        Map<String, String> description = new HashMap<>();
        if (multipart) {
            List<@Nullable String> parts = new ArrayList<>();
            Multipart.<HttpMediaTypeNotSupportedException>read(
                    request.contentType(), request.length(), sent, Multipart.MOST_PARTS, part -> {
                        parts.add(part.getFieldName());
                        readPart(endpoint, part, inputs, parameters, description, memory);
                        return true;
                    });
            sent.transferTo(OutputStream.nullOutputStream());
            if (parts.isEmpty()) {
                throw badParameter(
                        "the request body",
                        "a sound file or an array",
                        "none: no part of the form begins with the boundary that Content-Type names");
            }
        } else {
            try (InputStream body = coding.decode(sent)) {
                long expected = coding == BodyCoding.IDENTITY ? request.length() : -1;
                readBody(Input.FILE, type, body, expected, inputs, parameters, description, memory);
                // The end of the body may hold a checksum or the last chunk. The connection can tell only after it
                // whether the client is still there.
                MeteredInputStream.limited(body, limits.maxUpload().toBytes(), "phasor.limits.max-upload")
                        .transferTo(OutputStream.nullOutputStream());
            }
        }
        request.parameters().forEach((name, values) -> {
            for (String value : values) {
                put(parameters, name, value);
            }
        });
        endpoint.check(inputs);
        return new Call(inputs, new Parameters(endpoint, parameters, description, maxima, Set.of()), memory);
    }

    /** The {@code power} that {@code output=power} answers is a magnitude with {@code power=2}. */
    private static Map<String, NpyArray> named(Map<String, NpyArray> arrays, Map<String, String> description) {
        NpyArray power = arrays.get(Parameter.POWER.wireName());
        if (power == null) {
            return arrays;
        }
        Map<String, NpyArray> named = new LinkedHashMap<>(arrays);
        named.remove(Parameter.POWER.wireName());
        named.put(Input.MAGNITUDE.wireName(), power);
        put(description, Parameter.POWER.wireName(), "2");
        return named;
    }

    /**
     * Adds a parameter of the query, a form or JSON.
     *
     * @throws InvalidInputException {@code BAD_PARAMETER} if it was given before with another value
     */
    private static void put(Map<String, String> parameters, String name, String value) {
        String before = parameters.put(name, value);
        if (before != null && !before.equals(value)) {
            throw badParameter(name, "given once", before + " and " + value);
        }
    }

    private void readPart(
            Endpoint endpoint,
            FileItemStream part,
            Inputs inputs,
            Map<String, String> parameters,
            Map<String, String> description,
            MemoryBudget.Reservation memory)
            throws IOException, HttpMediaTypeNotSupportedException {
        String name = part.getFieldName();
        Optional<Input> input = Input.find(name);
        // Some inputs have the names of parameters: a field without a file's name or type is the parameter.
        boolean field = part.isFormField() && part.getContentType() == null && Parameter.exists(name);
        if (input.isPresent() && !field) {
            try (InputStream body = part.openStream()) {
                MediaType type = mediaType(part.getContentType());
                readBody(input.get(), type, body, -1, inputs, parameters, description, memory);
            }
        } else {
            endpoint.check(name, "a part of the form", Set.of()); // an unknown part is refused before it is read
            put(parameters, name, Multipart.text(part));
        }
    }

    /** @param expected bytes of the body; -1 where that is unknown */
    private void readBody(
            Input input,
            @Nullable MediaType type,
            InputStream body,
            long expected,
            Inputs inputs,
            Map<String, String> parameters,
            Map<String, String> description,
            MemoryBudget.Reservation memory)
            throws IOException, HttpMediaTypeNotSupportedException {
        InputStream in = Id3Tag.skip(new BufferedInputStream(
                new MeteredInputStream(body, limits.maxUpload().toBytes(), EXPANSION, memory), BUFFER));
        CodecLimits codecLimits = new CodecLimits(
                limits.maxDecoded().toBytes(),
                bytes -> memory.add(HeapRegions.bytes(bytes), "what the request body decodes to"),
                () -> memory.ahead(limits.aheadShare()));
        byte[] head = head(in);
        Optional<ForeignFormat> foreign = foreign(type, head);
        if (foreign.isPresent()) {
            checkDecoder(foreign.get());
            inputs.put(input, new ForeignFile(in.readAllBytes(), foreign.get()));
            return;
        }
        switch (form(type, head)) {
            case WAV -> inputs.put(input, WavReader.readAll(in, codecLimits));
            case FLAC -> inputs.put(input, FlacReader.readAll(in, codecLimits));
            case NPY -> inputs.put(input, NpyReader.read(in, codecLimits));
            case NPZ -> {
                Npz npz = NpzReader.read(in, codecLimits, expected);
                inputs.putAll(named(npz.arrays(), description));
                npz.scalars().forEach((name, value) -> put(description, name, value));
            }
            case JSON -> {
                JsonBody json = JsonBody.read(JsonFault.begin("the body", in), mapper);
                inputs.putAll(json.arrays());
                json.parameters().forEach((field, value) -> put(parameters, field, value));
            }
        }
    }

    static byte[] head(InputStream in) throws IOException {
        in.mark(FirstBytes.COUNT);
        byte[] head = in.readNBytes(FirstBytes.COUNT);
        in.reset();
        return head;
    }

    private static boolean isUntold(MediaType type) {
        return type.equalsTypeAndSubtype(MediaType.APPLICATION_OCTET_STREAM);
    }

    /** The format of a body that ffmpeg decodes: by its first bytes, or where they tell nothing by its media type. */
    static Optional<ForeignFormat> foreign(@Nullable MediaType type, byte[] head) {
        Optional<ForeignFormat> told = ForeignFormat.ofFirstBytes(head);
        if (type == null || isUntold(type)) {
            return told;
        }
        Optional<ForeignFormat> named = ForeignFormat.ofType(type.getType() + "/" + type.getSubtype());
        if (named.isPresent() && told.isEmpty() && !FirstBytes.areUnknown(head)) {
            // ffmpeg would find some frame in anything, and decode noise.
            throw new InvalidInputException(
                    Code.MALFORMED_AUDIO,
                    "what is sent as " + type + " must be such a file, got " + FirstBytes.name(head));
        }
        return named.isPresent() ? told.or(() -> named) : Optional.empty();
    }

    private static MediaType type(ForeignFormat format) {
        return MediaType.parseMediaType(format.types().get(0));
    }

    private void checkDecoder(ForeignFormat format) throws HttpMediaTypeNotSupportedException {
        String missing = decoder.missing();
        if (missing != null) {
            throw new HttpMediaTypeNotSupportedException(
                    type(format),
                    List.of(Form.WAV.type(), Form.FLAC.type()),
                    null,
                    type(format) + " is decoded by ffmpeg, and " + missing + "; or send WAV: ffmpeg -i FILE out.wav");
        }
    }

    /** The format of a body: by its media type, or by its first bytes if the type is missing or octet-stream. */
    private static Form form(@Nullable MediaType type, byte[] head) throws HttpMediaTypeNotSupportedException {
        if (type == null || isUntold(type)) {
            for (Form form : Form.values()) {
                if (form.begins(head)) {
                    return form;
                }
            }
        } else {
            for (Form form : Form.values()) {
                if (form.isNamedBy(type)) {
                    return form;
                }
            }
        }
        MediaType said = type == null ? MediaType.APPLICATION_OCTET_STREAM : type;
        String batch = ZIP.equals(said) ? "; a ZIP is a batch where it becomes a job: send Prefer: respond-async" : "";
        throw unsupported(said, " of " + FirstBytes.name(head) + batch);
    }

    /** The media type of a request, refused where no body can have it. */
    static @Nullable MediaType checkType(@Nullable String header) throws HttpMediaTypeNotSupportedException {
        MediaType type = mediaType(header);
        if (type != null && MediaType.APPLICATION_FORM_URLENCODED.isCompatibleWith(type)) {
            throw unsupported(type, ", which curl -d sends: use --data-binary @FILE, and name the type of the file");
        }
        return type;
    }

    private static @Nullable MediaType mediaType(@Nullable String header) throws HttpMediaTypeNotSupportedException {
        try {
            return header == null ? null : MediaType.parseMediaType(header).removeQualityValue();
        } catch (InvalidMediaTypeException e) {
            throw new HttpMediaTypeNotSupportedException("Content-Type must be a media type, got " + header, SUPPORTED);
        }
    }

    private static HttpMediaTypeNotSupportedException unsupported(MediaType type, String sent) {
        return new HttpMediaTypeNotSupportedException(
                type,
                SUPPORTED,
                null,
                "Content-Type must be one of " + MediaType.toString(SUPPORTED) + ", got " + type + sent
                        + " (with curl: -H 'Content-Type: audio/wav' or -F file=@speech.wav)");
    }
}
