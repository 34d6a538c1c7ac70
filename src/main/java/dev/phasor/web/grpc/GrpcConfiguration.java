package dev.phasor.web.grpc;

import dev.phasor.compute.ClientLimits;
import dev.phasor.compute.Limits;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.operation.Operations;
import dev.phasor.web.access.ApiKeys;
import dev.phasor.web.connection.ConnectionLimits;
import dev.phasor.web.connection.InFlight;
import dev.phasor.web.model.InferenceStatistics;
import dev.phasor.web.model.RequestAssembler;
import dev.phasor.web.model.ServerState;
import dev.phasor.web.refusal.ProblemWriter;
import dev.phasor.web.session.LiveRehearsal;
import dev.phasor.web.session.LiveRoom;
import dev.phasor.web.session.LiveSettings;
import dev.phasor.web.telemetry.RequestLines;
import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerExecutorProvider;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.grpc.server.GlobalServerInterceptor;
import org.springframework.grpc.server.NettyGrpcServerFactory;
import org.springframework.grpc.server.ServerBuilderCustomizer;
import org.springframework.grpc.server.service.GrpcServiceConfigurer;
import tools.jackson.databind.ObjectMapper;

/** Wires the gRPC face, unless {@code spring.grpc.server.enabled} is false. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty(name = "spring.grpc.server.enabled", matchIfMissing = true)
@EnableConfigurationProperties(GrpcSettings.class)
class GrpcConfiguration {

    /** What runs is told that the service stops when the lifecycle's grace is over; it has so long to be told. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    /**
     * Bytes of a connection that wait for the call that they belong to. Left to itself it grows to eight times as much.
     */
    private static final int WINDOW = 1 << 20;

    /**
     * Calls that a connection may give up in {@link #RESET_SECONDS}: each is opened, closed and logged. A connection
     * with more is ended.
     */
    private static final int RESETS = 1000;

    private static final int RESET_SECONDS = 10;

    @Bean
    Calls calls(
            GrpcSettings settings,
            Limits limits,
            ConnectionLimits connection,
            ClientLimits client,
            InFlight inFlight,
            RequestLines lines,
            ProblemWriter problems) {
        return new Calls(
                settings, client.requestShare(), new Pace(limits, connection, settings), inFlight, lines, problems);
    }

    @Bean
    GrpcServerExecutorProvider grpcThreads(Calls calls) {
        return calls::threads;
    }

    /** Next to the methods: Spring's handler of exceptions, before it, has nothing left to answer. */
    @Bean
    @GlobalServerInterceptor
    @Order(Ordered.LOWEST_PRECEDENCE)
    ServerInterceptor callInterceptor(ApiKeys keys, MemoryBudget budget, Calls calls) {
        return new CallInterceptor(keys, budget, calls);
    }

    @Bean
    BindableService inferenceService(
            ServerState state,
            InferenceStatistics statistics,
            Operations operations,
            RequestAssembler assembler,
            Limits limits,
            ObjectMapper mapper,
            LiveRoom room,
            LiveSettings live,
            Calls calls) {
        ResponseMessages messages = new ResponseMessages(mapper);
        return new InferenceService(
                new MetadataMethods(state, statistics),
                new Inferences(operations, assembler, messages, statistics),
                new RequestMarshaller(limits.maxUpload().toBytes()),
                new Sequences.Face(room, live, limits, messages, statistics, calls));
    }

    /** In the place of Spring's own: what every service reads is bounded. */
    @Bean
    GrpcServiceConfigurer grpcServiceConfigurer(ApplicationContext context) {
        return new BoundedServices(context);
    }

    @Bean
    ReadinessHealth readinessHealth() {
        return new ReadinessHealth();
    }

    @Bean
    BindableService healthService(ReadinessHealth health) {
        return health.manager().getHealthService();
    }

    @Bean
    Connections grpcConnections(ConnectionLimits connection, ClientLimits client) {
        return new Connections(connection.mostConnections(), client.requestShare());
    }

    /** After Spring Boot's own settings. */
    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    ServerBuilderCustomizer<NettyServerBuilder> grpcLimits(
            GrpcSettings settings, Limits limits, Calls calls, Connections connections) {
        return builder -> builder.channelFactory(connections::listen)
                .bossEventLoopGroup(connections.acceptor())
                .workerEventLoopGroup(connections.workers())
                .maxInboundMessageSize(
                        (int) Math.min(Integer.MAX_VALUE, limits.maxUpload().toBytes()))
                .flowControlWindow(WINDOW)
                .maxRstFramesPerWindow(RESETS, RESET_SECONDS)
                .maxConcurrentCallsPerConnection(settings.callsOfConnection())
                .addStreamTracerFactory(calls);
    }

    /** The name takes the place of Spring Boot's own. */
    @Bean
    GrpcServer nettyGrpcServerLifecycle(
            NettyGrpcServerFactory factory,
            @Value("${spring.lifecycle.timeout-per-shutdown-phase:30s}") Duration grace,
            ApplicationEventPublisher events,
            Calls calls) {
        return new GrpcServer(factory, grace.plus(LAST_WORDS), events, calls);
    }

    @Bean
    LiveRehearsal streamRehearsal(
            GrpcServerProperties properties, GrpcServer server, Connections connections, Calls calls) {
        return new StreamRehearsal(properties.getAddress(), server, connections, calls);
    }

    @Bean
    MeterBinder grpcCalls(Calls calls) {
        return registry -> {
            Gauge.builder("phasor.grpc.calls", calls, Calls::count)
                    .description("gRPC calls of inference that are open")
                    .register(registry);
            Gauge.builder("phasor.grpc.other.calls", calls, Calls::others)
                    .description("gRPC calls of all other methods that are open")
                    .register(registry);
        };
    }
}
