using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Penstock.Auth;
using Penstock.Hosting;
using Penstock.Http;
using Penstock.Pipeline;
using Penstock.Providers;
using Penstock.Routing;
using Penstock.Snapshot;

namespace Penstock.Fuzz.Tests.Http;

/// <summary>Whatever stands in a header, it is understood or refused with an answer that clients can read.</summary>
public sealed class HeaderFuzz
{
    private static readonly string[] Names =
    [
        "authorization", "x-api-key", "api-key", "x-goog-api-key", "x-portkey-api-key", "x-portkey-provider", "x-portkey-config", "x-portkey-custom-host", "x-portkey-forward-headers",
        "x-portkey-request-timeout", "x-portkey-metadata", "x-portkey-trace-id", "traceparent", "x-portkey-virtual-key", "x-portkey-default-input-guardrails",
    ];

    private static readonly string[] Blank = ["DUMMY-KEY", "dummy", "undefined", "null", "none"];

    private static readonly GatewaySnapshot Snapshot = new() { Settings = new GatewaySettings(), Catalogue = Catalogue.BuiltIn };

    private static readonly ListenerFacts Listeners = new(true, []);

    private static readonly PlanFinder Plans =
        new(new HostPolicy(new SnapshotSource(Snapshot), Listeners, null), new EnvironmentKeyRule(Listeners), new SavedConfigRule(Listeners));

    [Fact]
    public Task Routing_headers_give_a_plan_or_an_error_that_can_be_read() => Target(CheckPlan, 1_500).RunAsync();

    [Fact]
    public Task A_credential_is_never_a_key_of_the_gateway() => Target(CheckCredential, 4_000).RunAsync();

    [Fact]
    public Task A_trace_id_is_always_one_that_an_answer_can_carry() => Target(CheckTrace, 4_000).RunAsync();

    [Fact]
    public Task Metadata_is_an_object_or_nothing() => Target(CheckMetadata, 4_000).RunAsync();

    [Fact]
    public Task A_provider_is_chosen_or_asked_for() => Target(CheckChoice, 1_000).RunAsync();

    [Fact]
    public Task A_wish_to_wait_is_a_time_or_none() =>
        new FuzzTarget<Headers>(dice => new([(dice.Pick("Retry-After", "retry-after-ms", "x-ms-retry-after-ms"), HeaderValues.Any(dice))]), CheckRetryAfter, Headers.Smaller, one => one.ToString(), 8_000).RunAsync();

    private static FuzzTarget<Headers> Target(Action<Headers> check, int inputs) => new(Create, check, Headers.Smaller, one => one.ToString(), inputs);

    private static Headers Create(Dice dice) => new([.. Enumerable.Range(0, 1 + dice.Size(5)).Select(_ => Header(dice))]);

    private static (string, string) Header(Dice dice)
    {
        var name = dice.Pick(Names);
        return (name, name == "x-portkey-config" && dice.OneIn(2)
            ? HeaderValues.Clean(JsonMutator.Change(dice, System.Text.Encoding.UTF8.GetBytes(new ConfigGrammar(dice).Write())))
            : HeaderValues.Any(dice));
    }

    private static void CheckPlan(Headers headers)
    {
        var request = new DefaultHttpContext().Request;
        foreach (var (name, value) in headers.All) request.Headers.Append(name, value);
        var error = Plans.Find(request, Snapshot, out var routed);
        if (error is null)
        {
            Assert.NotNull(routed.Plan);
            return;
        }

        Assert.InRange(error.Status, 400, 499);
        using var body = JsonDocument.Parse(ErrorBody.Write(error, isAnthropics: false));
        Assert.Equal(error.Message, body.RootElement.GetProperty("error").GetProperty("message").GetString());
    }

    private static void CheckCredential(Headers headers)
    {
        var all = headers.ToDictionary();
        var caller = CallerCredential.From(all);
        var key = caller.Key.Reveal();
        var gatewayKey = all["x-portkey-api-key"];
        if (gatewayKey.Count == 1 && gatewayKey[0]!.Trim() is { Length: > 0 } own && !own.EndsWith("Bearer", StringComparison.OrdinalIgnoreCase)) Assert.True(caller.IsGatewayKey(own), own);
        if (caller.IsNone)
        {
            Assert.True(caller.Authorization.IsEmpty);
            return;
        }

        Assert.Equal(key.Trim(), key);
        Assert.False(caller.IsGatewayKey(key));
        Assert.False(CallerCredential.IsOurs(key) || CallerCredential.IsOurs(caller.Authorization.Reveal()));
        Assert.DoesNotContain(key, Blank, StringComparer.OrdinalIgnoreCase);
        if (!caller.Authorization.IsEmpty) Assert.Contains(key, caller.Authorization.Reveal(), StringComparison.Ordinal);
        Assert.Contains(all.Values, value => value.ToString().Contains(key, StringComparison.Ordinal));
        if (key.Length > 20) Assert.DoesNotContain(key, $"{caller.Key} {caller}", StringComparison.Ordinal);
    }

    private static void CheckTrace(Headers headers)
    {
        var all = headers.ToDictionary();
        var id = TraceId.For(all);
        Assert.InRange(id.Length, 1, 256);
        Assert.All(id, one => Assert.InRange(one, ' ', '~'));
        Assert.NotEqual("", id.Trim());
        if (all["x-portkey-trace-id"].ToString() is { Length: > 0 and <= 256 } given && given.All(one => one is > ' ' and <= '~')) Assert.Equal(given, id);
    }

    private static void CheckMetadata(Headers headers)
    {
        using var exchange = Exchange(headers);
        var metadata = exchange.Metadata;
        if (metadata.ValueKind == JsonValueKind.Undefined) return;
        Assert.Equal(JsonValueKind.Object, metadata.ValueKind);
        Assert.Equal(exchange.Headers["x-portkey-metadata"].ToString().Trim(), metadata.GetRawText());
    }

    private static void CheckChoice(Headers headers)
    {
        using var exchange = Exchange(headers);
        var environment = headers.All.Length % 3;
        var choice = new ProviderChoice(new EnvironmentKeys(name => environment switch { 0 => null, 1 => name == "OPENAI_API_KEY" ? "sk" : null, _ => "sk" }));
        var model = headers.All[0].Value;
        if (choice.TryChoose(exchange, model, out var row, out var bare, out var problem))
        {
            Assert.NotNull(row);
            Assert.EndsWith(bare!, model, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(400, problem!.Status);
        using var body = JsonDocument.Parse(ErrorBody.Write(problem, isAnthropics: false));
    }

    private static void CheckRetryAfter(Headers headers)
    {
        using var response = new HttpResponseMessage();
        var (name, value) = headers.All[0];
        response.Headers.TryAddWithoutValidation(name, value);
        var wait = RetryAfter.Read(response, new ManualTime());
        if (wait is { } time) Assert.True(time >= TimeSpan.Zero);
        if (value.Length is > 0 and < 7 && value.All(char.IsAsciiDigit))
        {
            var number = int.Parse(value, CultureInfo.InvariantCulture);
            Assert.Equal(name == "Retry-After" ? number * 1_000d : number, wait!.Value.TotalMilliseconds, tolerance: 0.01);
        }
    }

    private static Exchange Exchange(Headers headers) => new()
    {
        Snapshot = Snapshot,
        Operation = Operation.Chat,
        Method = HttpMethod.Post,
        RawTarget = "/v1/chat/completions",
        PathName = "/v1/chat/completions",
        Headers = headers.ToDictionary(),
        TraceId = "trace",
        Caller = CallerCredential.From(headers.ToDictionary()),
        MayUseEnvironmentKeys = false,
        ClientGone = CancellationToken.None,
        Cut = CancellationToken.None,
    };

    private sealed record Headers(ImmutableArray<(string Name, string Value)> All)
    {
        public static IEnumerable<Headers> Smaller(Headers one) =>
            Shrink.List(one.All, header => Shrink.Text(header.Value).Select(value => (header.Name, value))).Where(all => all.Length > 0).Select(all => new Headers(all));

        public HeaderDictionary ToDictionary()
        {
            var headers = new HeaderDictionary();
            foreach (var (name, value) in All) headers.Append(name, value);
            return headers;
        }

        public override string ToString() => string.Join('\n', All.Select(header => $"{header.Name}: {Show.Text(header.Value)}"));
    }
}
