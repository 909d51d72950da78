// What HOSTING.md uses of Microsoft.Extensions, which the tests do not download: only to compile against, never run.
using System;
using System.Threading;
using System.Threading.Tasks;

namespace Microsoft.Extensions.Configuration
{
    public interface IConfiguration
    {
    }
}

namespace Microsoft.Extensions.Options
{
    public interface IOptions<out TOptions>
        where TOptions : class
    {
        TOptions Value { get; }
    }
}

namespace Microsoft.Extensions.Logging
{
    public enum LogLevel
    {
        Trace,
        Debug,
        Information,
        Warning,
        Error,
        Critical,
        None,
    }

    public interface ILogger
    {
        bool IsEnabled(LogLevel logLevel);
    }

    public interface ILogger<out TCategoryName> : ILogger
    {
    }

    public static class LoggerExtensions
    {
        public static void Log(this ILogger logger, LogLevel logLevel, string message, params object[] args)
        {
        }

        public static void LogError(this ILogger logger, Exception exception, string message, params object[] args)
        {
        }

        public static void LogInformation(this ILogger logger, string message, params object[] args)
        {
        }
    }
}

namespace Microsoft.Extensions.Hosting
{
    public interface IHostedService
    {
        Task StartAsync(CancellationToken cancellationToken);

        Task StopAsync(CancellationToken cancellationToken);
    }

    public abstract class BackgroundService : IHostedService
    {
        public virtual Task StartAsync(CancellationToken cancellationToken)
        {
            return null;
        }

        public virtual Task StopAsync(CancellationToken cancellationToken)
        {
            return null;
        }

        protected abstract Task ExecuteAsync(CancellationToken stoppingToken);
    }
}

namespace Microsoft.Extensions.Diagnostics.HealthChecks
{
    public enum HealthStatus
    {
        Unhealthy,
        Degraded,
        Healthy,
    }

    public interface IHealthCheck
    {
        Task<HealthCheckResult> CheckHealthAsync(
            HealthCheckContext context, CancellationToken cancellationToken = default(CancellationToken));
    }

    public sealed class HealthCheckContext
    {
        public HealthCheckRegistration Registration { get; set; }
    }

    public sealed class HealthCheckRegistration
    {
        public HealthStatus FailureStatus { get; set; }
    }

    public struct HealthCheckResult
    {
        public HealthCheckResult(HealthStatus status, string description = null, Exception exception = null)
        {
        }

        public static HealthCheckResult Healthy(string description = null)
        {
            return default(HealthCheckResult);
        }
    }
}

namespace Microsoft.Extensions.DependencyInjection
{
    using Microsoft.Extensions.Configuration;
    using Microsoft.Extensions.Diagnostics.HealthChecks;
    using Microsoft.Extensions.Hosting;

    public interface IServiceCollection
    {
    }

    public interface IHealthChecksBuilder
    {
    }

    public static class Extensions
    {
        public static IServiceCollection Configure<TOptions>(this IServiceCollection services, IConfiguration config)
            where TOptions : class
        {
            return services;
        }

        public static IServiceCollection AddSingleton<TService>(this IServiceCollection services)
            where TService : class
        {
            return services;
        }

        public static IServiceCollection AddSingleton<TService>(
            this IServiceCollection services, Func<IServiceProvider, TService> implementationFactory)
            where TService : class
        {
            return services;
        }

        public static IServiceCollection AddHostedService<THostedService>(this IServiceCollection services)
            where THostedService : class, IHostedService
        {
            return services;
        }

        public static IServiceCollection AddHostedService<THostedService>(
            this IServiceCollection services, Func<IServiceProvider, THostedService> implementationFactory)
            where THostedService : class, IHostedService
        {
            return services;
        }

        public static T GetRequiredService<T>(this IServiceProvider provider)
        {
            return default(T);
        }

        public static IHealthChecksBuilder AddHealthChecks(this IServiceCollection services)
        {
            return null;
        }

        public static IHealthChecksBuilder AddCheck<T>(this IHealthChecksBuilder builder, string name)
            where T : class, IHealthCheck
        {
            return builder;
        }
    }
}
