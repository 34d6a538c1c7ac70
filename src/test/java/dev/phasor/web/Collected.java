package dev.phasor.web;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** The answers of a stream, in a queue, and its end. */
final class Collected<T> implements StreamObserver<T> {

    private final Queue<T> answers;
    private final CompletableFuture<Status> end = new CompletableFuture<>();

    Collected(Queue<T> answers) {
        this.answers = answers;
    }

    CompletableFuture<Status> end() {
        return end;
    }

    @Override
    public void onNext(T answer) {
        answers.add(answer);
    }

    @Override
    public void onError(Throwable fault) {
        end.complete(Status.fromThrowable(fault));
    }

    @Override
    public void onCompleted() {
        end.complete(Status.OK);
    }
}
