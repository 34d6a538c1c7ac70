package dev.phasor.web.grpc;

import io.grpc.ServerServiceDefinition;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.grpc.server.GrpcServerFactory;
import org.springframework.grpc.server.service.DefaultGrpcServiceConfigurer;
import org.springframework.grpc.server.service.GrpcServiceSpec;

/** Every service of the port, health and reflection too, reads its messages within bounds. */
final class BoundedServices extends DefaultGrpcServiceConfigurer {

    BoundedServices(ApplicationContext context) {
        super(context);
    }

    @Override
    public ServerServiceDefinition configure(GrpcServiceSpec spec, @Nullable GrpcServerFactory factory) {
        return SmallMarshaller.bound(super.configure(spec, factory));
    }
}
