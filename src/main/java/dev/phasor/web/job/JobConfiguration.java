package dev.phasor.web.job;

import dev.phasor.compute.ComputeSettings;
import dev.phasor.compute.Limits;
import dev.phasor.job.Answers;
import dev.phasor.job.JobSettings;
import dev.phasor.job.Jobs;
import dev.phasor.operation.Maxima;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.ObjectMapper;

/** Wires jobs. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(JobSettings.class)
class JobConfiguration {

    @Bean
    Jobs jobs(JobSettings settings, Answers answers, ObjectMapper mapper, MeterRegistry registry) {
        return new Jobs(settings, new JobWork(answers, mapper), new EndedJobs(registry));
    }

    @Bean
    JobDocuments jobDocuments(ObjectMapper mapper) {
        return new JobDocuments(mapper);
    }

    @Bean
    EventStreams eventStreams(Jobs jobs, JobSettings settings, JobDocuments documents) {
        return new EventStreams(jobs, documents, settings.watchers());
    }

    @Bean
    JobSubmission jobSubmission(
            Jobs jobs,
            Answers answers,
            JobSettings settings,
            Limits limits,
            ComputeSettings compute,
            JobDocuments documents) {
        Maxima maxima = new Maxima(limits, compute.lasting(settings.timeout()));
        return new JobSubmission(jobs, answers, settings.maxUpload().toBytes(), maxima, documents);
    }

    @Bean
    WebMvcConfigurer asynchronousRequests(JobSubmission submission) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(submission).addPathPatterns("/v1/**");
            }
        };
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> jobsStart(Jobs jobs) {
        return ready -> jobs.start();
    }

    /** Before the connections end: who waits for events would wait for the end of the job. */
    @Bean
    ApplicationListener<ContextClosedEvent> jobsStop(Jobs jobs) {
        return closed -> jobs.stop();
    }

    @Bean
    MeterBinder jobMeters(Jobs jobs) {
        return new JobMeters(jobs);
    }
}
