using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Penstock.Auth;
using Penstock.Hosting;
using Penstock.Pipeline;
using Penstock.Routing;
using Penstock.Snapshot;
using Penstock.Transport;

namespace Penstock.Http;

/// <summary>Puts the gateway into an ASP.NET Core application.</summary>
public static class PenstockBuilderExtensions
{
    /// <summary>Registers the data plane. The application brings the snapshot source.</summary>
    public static IServiceCollection AddPenstock(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System); // Try…: a test may have put its own first
        services.TryAddSingleton(Chance.Shared);
        services.TryAddSingleton(_ => new ListenerFacts());
        services.TryAddSingleton<Drain>();
        services.AddSingleton<StalledClients>();
        services.TryAddSingleton(_ => new EnvironmentKeys(Environment.GetEnvironmentVariable));
        services.AddSingleton(provider => new HostPolicy(
            provider.GetRequiredService<SnapshotSource>(),
            provider.GetRequiredService<ListenerFacts>(),
            Environment.GetEnvironmentVariable("TRUSTED_CUSTOM_HOSTS")));
        services.AddSingleton(provider => new AddressGuard(() => provider.GetRequiredService<HostPolicy>().ForConnections));
        services.TryAddSingleton<INetwork, SystemNetwork>();
        services.AddSingleton<Dialer>();
        services.AddSingleton<UpstreamPool>();
        services.AddSingleton<ProviderChoice>();
        services.AddSingleton<AttemptRunner>();
        services.AddSingleton(provider => new LeafPreparer(
            provider.GetRequiredService<EnvironmentKeys>(),
            provider.GetRequiredService<ProviderChoice>(),
            provider.GetRequiredService<HostPolicy>().For));
        services.AddSingleton<RetryLoop>();
        services.AddSingleton<Router>();
        services.AddSingleton<PlanFinder>();
        services.AddSingleton<ModelList>();
        services.AddSingleton<EnvironmentKeyRule>();
        services.AddSingleton<SavedConfigRule>();
        services.AddSingleton<GatewayEndpoint>();
        return services;
    }

    /// <summary>Maps everything below <c>/v1/</c>, and the status routes.</summary>
    public static void MapPenstock(this WebApplication app)
    {
        var services = app.Services;
        var listeners = services.GetRequiredService<ListenerFacts>();
        app.Lifetime.ApplicationStarted.Register(() => listeners.Learn(app.Urls));
        app.UseCrossOrigin(services.GetRequiredService<SnapshotSource>());
        app.UseStartGate(listeners);

        // The API stands before routing, which would cost every request and decide nothing: all paths are one handler's.
        var gateway = services.GetRequiredService<GatewayEndpoint>();
        app.Use(next => context => context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal) ? gateway.HandleAsync(context) : next(context));
        app.UseRouting();
        app.MapStatus(listeners, services.GetRequiredService<Drain>());
    }
}
