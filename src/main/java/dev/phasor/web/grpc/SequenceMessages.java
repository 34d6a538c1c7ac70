package dev.phasor.web.grpc;

import dev.phasor.web.model.Model;
import dev.phasor.web.model.Scalar;
import dev.phasor.web.model.Sequence;
import inference.InferParameter;
import inference.ModelInferResponse;
import inference.ModelStreamInferResponse;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** What the answers of a stream say beside their values. */
final class SequenceMessages {

    /** The parameter with the stable name of an error's code, as the trailer of a call that is refused. */
    private static final String CODE = "phasor_code";

    private SequenceMessages() {}

    /** An answer of a sequence; {@code last} if no other one follows to its request. */
    static ModelInferResponse.Builder answer(Model model, @Nullable String request, Scalar sequence, boolean last) {
        ModelInferResponse.Builder answer = ModelInferResponse.newBuilder()
                .setModelName(model.wireName())
                .setModelVersion(Model.VERSION)
                .putParameters(Sequence.ID, id(sequence))
                .putParameters(Sequence.FINAL_RESPONSE, flag(last));
        return request == null ? answer : answer.setId(request);
    }

    /** A request of its own is answered. */
    static ModelStreamInferResponse only(ModelInferResponse answer) {
        return ModelStreamInferResponse.newBuilder()
                .setInferResponse(answer.toBuilder().putParameters(Sequence.FINAL_RESPONSE, flag(true)))
                .build();
    }

    /** @param sequence null for a request of its own */
    static ModelStreamInferResponse refusal(Refusal refusal, String request, @Nullable Scalar sequence) {
        ModelInferResponse.Builder about = ModelInferResponse.newBuilder()
                .setId(request)
                .putParameters(CODE, text(refusal.code().wireName()))
                .putParameters(Sequence.FINAL_RESPONSE, flag(true));
        if (sequence != null) {
            about.putParameters(Sequence.ID, id(sequence));
        }
        return ModelStreamInferResponse.newBuilder()
                .setErrorMessage(refusal.detail())
                .setInferResponse(about)
                .build();
    }

    private static InferParameter id(Scalar id) {
        if (id.kind() == Scalar.Kind.TEXT) {
            return text(id.text());
        }
        BigInteger number = new BigInteger(id.text());
        InferParameter.Builder sent = InferParameter.newBuilder();
        return number.bitLength() < Long.SIZE
                ? sent.setInt64Param(number.longValue()).build()
                : sent.setUint64Param(number.longValue()).build();
    }

    static InferParameter text(String text) {
        return InferParameter.newBuilder().setStringParam(text).build();
    }

    static InferParameter flag(boolean flag) {
        return InferParameter.newBuilder().setBoolParam(flag).build();
    }
}
