using System.Collections.Immutable;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Penstock.Auth;
using Penstock.Providers;
using Penstock.Snapshot;

namespace Penstock.Hosting;

/// <summary>Builds the web server of the programs, and runs it from its start to its drained end.</summary>
public static class PenstockServer
{
    /// <summary>How long connections have to close once no request runs; then they are cut.</summary>
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    /// <returns>Null when the settings file cannot be used; what is wrong with it is on standard error.</returns>
    public static WebApplicationBuilder? CreateBuilder(StartOptions options)
    {
        SocketTuning.Apply();
        var file = new SnapshotFile(options.ConfigFile);
        var look = file.Look();
        if (ReadSnapshot(options, look) is not { } snapshot) return null;

        // An empty builder: no appsettings.json, no variables that move the server behind our back, no developer pages.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(ServerLimits.Apply).UseUrls([.. AddressesOf(options, snapshot)]);
        builder.Services.Configure<SocketTransportOptions>(SocketTuning.Apply);
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = CloseLimit);
        builder.Logging.AddLines();

        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(new SnapshotSource(snapshot));
        builder.Services.AddSingleton<Shutdown>();
        builder.Services.AddHostedService(services => new SnapshotReload(
            file,
            look.State,
            services.GetRequiredService<SnapshotSource>(),
            Environment.GetEnvironmentVariable,
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<SnapshotReload>>()));
        return builder;
    }

    /// <summary>Serves until a signal comes, and then until the requests in hand are done.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(WebApplication app)
    {
        using var signals = new StopSignals();
        var services = app.Services;
        var shutdown = services.GetRequiredService<Shutdown>();
        try
        {
            await app.StartAsync();
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"{e.Message} Another program, perhaps a second Penstock, listens there: end it, or choose another port with --port N.");
            return 1;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await Console.Error.WriteLineAsync($"Cannot listen on {string.Join(", ", app.Urls)}: {e.Message.TrimEnd('.')}. Check --urls, or 'listen' in the settings file.");
            return 1;
        }

        await Console.Out.WriteLineAsync(Greeting.Write(
            services.GetRequiredService<StartOptions>(),
            services.GetRequiredService<SnapshotSource>().Current,
            services.GetRequiredService<ListenerFacts>(),
            services.GetRequiredService<EnvironmentKeys>()));
        await StopRequestedAsync(app.Lifetime);
        await shutdown.RunAsync();
        await app.StopAsync();
        return 0;
    }

    private static GatewaySnapshot? ReadSnapshot(StartOptions options, FileLook look)
    {
        if (look.IsMissing && !options.ConfigFileIsRequired) return new GatewaySnapshot { Settings = new GatewaySettings(), Catalogue = Catalogue.BuiltIn };
        if (look.Content is null)
        {
            Console.Error.WriteLine($"{options.ConfigFile}: {look.Problem}");
            return null;
        }

        var snapshot = SnapshotReader.Read(look.Content, Environment.GetEnvironmentVariable, out var faults);
        foreach (var fault in faults) Console.Error.WriteLine(fault.Describe(options.ConfigFile));
        return snapshot;
    }

    private static ImmutableArray<string> AddressesOf(StartOptions options, GatewaySnapshot snapshot) =>
        !options.Addresses.IsEmpty ? options.Addresses
        : !snapshot.Settings.Listen.IsEmpty ? snapshot.Settings.Listen
        : ListenAddresses.Default;

    private static async Task StopRequestedAsync(IHostApplicationLifetime lifetime)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStopping.Register(stop.SetResult);
        await stop.Task;
    }
}
