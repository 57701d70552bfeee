using System.Collections.Immutable;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Penstock.Auth;
using Penstock.Hosting;
using Penstock.Http;
using Penstock.Providers;
using Penstock.Routing;
using Penstock.Simulator;
using Penstock.Snapshot;
using Penstock.Transport;

namespace Penstock.Tests.World;

/// <summary>
/// The gateway on a real socket before simulated providers on real sockets. The providers are called <c>p0</c>,
/// <c>p1</c> … and take the key that the client sends.
/// </summary>
internal sealed class TestWorld : IAsyncDisposable
{
    public const string Key = "sk-sim";

    private readonly WebApplication _app;

    private TestWorld(WebApplication app, ImmutableArray<ProviderSimulator> providers, ManualTime? time)
    {
        _app = app;
        Providers = providers;
        ManualTime = time;
        Address = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
        Client = CreateClient();
    }

    public ImmutableArray<ProviderSimulator> Providers { get; }

    /// <summary>The only provider of most tests.</summary>
    public ProviderSimulator Provider => Providers[0];

    /// <summary>The gateway's address, without a path.</summary>
    public string Address { get; }

    /// <summary>Sends the providers' key as a bearer.</summary>
    public HttpClient Client { get; }

    public ManualTime Time => ManualTime ?? throw new InvalidOperationException("This world runs on real time.");

    private ManualTime? ManualTime { get; }

    /// <param name="providers">How many providers there are.</param>
    /// <param name="time">The gateway's clock; null: real time.</param>
    /// <param name="chance">Uniform numbers from 0 to below 1, for weights and delays.</param>
    /// <param name="settings">What penstock.json would say.</param>
    /// <param name="options">How each provider is simulated.</param>
    /// <param name="file">The whole penstock.json, in place of <paramref name="settings"/> and the providers <c>p0</c> …</param>
    /// <param name="environment">Variables that hold providers' keys.</param>
    /// <param name="server">Changes the web server's own limits.</param>
    /// <param name="isLocal">False: as if a listener were open to other machines.</param>
    /// <param name="ownOrigins">Origins of pages that would be the gateway's own.</param>
    /// <param name="network">What the gateway takes for the network; null: the machine's own.</param>
    /// <param name="logs">Gets everything that is logged, down to the finest level.</param>
    public static async Task<TestWorld> StartAsync(
        int providers = 1,
        ManualTime? time = null,
        Func<double>? chance = null,
        GatewaySettings? settings = null,
        SimulatorOptions? options = null,
        Func<ImmutableArray<ProviderSimulator>, string>? file = null,
        IReadOnlyDictionary<string, string>? environment = null,
        bool isLocal = true,
        INetwork? network = null,
        IReadOnlyList<string>? ownOrigins = null,
        Action<KestrelServerOptions>? server = null,
        ILoggerProvider? logs = null)
    {
        var simulators = ImmutableArray.CreateBuilder<ProviderSimulator>();
        for (var i = 0; i < providers; i++) simulators.Add(await ProviderSimulator.StartAsync(options, Patience.Token));
        var snapshot = file is not null
            ? Files.Read(file(simulators.ToImmutable()))
            : new GatewaySnapshot
            {
                Settings = settings ?? new GatewaySettings(),
                Catalogue = new Catalogue([.. Catalogue.BuiltIn.Rows, .. simulators.Select((simulator, i) => Row($"p{i}", simulator.BaseUrl))]),
            };

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (logs is not null) builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(ServerLimits.Apply);
        if (server is not null) builder.WebHost.ConfigureKestrel(server);
        if (time is not null) builder.Services.AddSingleton<TimeProvider>(time);
        if (chance is not null) builder.Services.AddSingleton(new Chance(chance));
        builder.Services.AddSingleton(new SnapshotSource(snapshot));
        builder.Services.AddSingleton(new ListenerFacts(isLocal, ownOrigins ?? []));
        builder.Services.AddSingleton(new EnvironmentKeys(name => environment?.GetValueOrDefault(name)));
        if (network is not null) builder.Services.AddSingleton(network);
        builder.Services.AddPenstock();
        var app = builder.Build();
        app.MapPenstock();
        await app.StartAsync(Patience.Token);
        return new TestWorld(app, simulators.ToImmutable(), time);
    }

    public T Service<T>()
        where T : notnull
        => _app.Services.GetRequiredService<T>();

    /// <param name="headers">How headers are written; null: as ASCII.</param>
    public HttpClient CreateClient(Encoding? headers = null)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ResponseDrainTimeout = TimeSpan.Zero, // whoever drops a response hangs up at once
            RequestHeaderEncodingSelector = (_, _) => headers,
        };
        var client = new HttpClient(handler)
        {
            BaseAddress = new Uri(Address),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + Key);
        return client;
    }

    /// <summary>A chat request to <c>p0</c>, or along a config.</summary>
    public HttpRequestMessage Chat(string? config = null, bool stream = false, string model = "gpt-4o-mini", string text = "hello", string more = "") =>
        Json("/v1/chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{text}}"}]{{(stream ? ",\"stream\":true" : "")}}{{more}}}""", config);

    public HttpRequestMessage Json(string path, string body, string? config = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation(config is null ? "x-portkey-provider" : "x-portkey-config", config ?? "p0");
        return request;
    }

    /// <summary>Sends and reads the whole answer.</summary>
    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Patience.Token);
        return await Answer.ReadAsync(response);
    }

    /// <summary>Sends, lets every wait between two attempts pass in virtual time, and gives the answer with the waits in ms.</summary>
    public async Task<(Answer Answer, List<double> WaitsMs)> SendThroughWaitsAsync(HttpRequestMessage request)
    {
        var patience = Patience.Token;
        var sending = SendAsync(request);
        var waits = new List<double>();
        while (true)
        {
            var wait = Time.ArmedAsync(IsWait);
            if (await Task.WhenAny(sending, wait).WaitAsync(patience) == sending) return (await sending, waits);
            waits.Add((await wait).TotalMilliseconds);
            Time.Advance(await wait);
        }
    }

    /// <summary>Whether a timer is a wait between two attempts, which are a minute long at most; clocks run longer.</summary>
    public static bool IsWait(TimeSpan due) => due <= TimeSpan.FromSeconds(60);

    /// <summary>Returns at the headers.</summary>
    public Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request) =>
        Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Patience.Token);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        foreach (var provider in Providers) await provider.DisposeAsync();
    }

    private static ProviderRow Row(string id, string baseUrl) => new()
    {
        Id = id,
        Name = id,
        BaseUrl = baseUrl,
        Auth = [new AuthRule(AuthKind.Bearer, "Bearer")],
        IsCustom = true,
    };
}
