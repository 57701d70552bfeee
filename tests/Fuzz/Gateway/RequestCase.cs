using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Penstock.Fuzz.Tests.Gateway;

/// <summary>One request to the gateway, and what the providers make of it.</summary>
/// <param name="Faults">A number for each provider: what it answers.</param>
internal sealed record RequestCase(string Method, string Target, ImmutableArray<(string Name, string Value)> Headers, byte[]? Body, bool IsChunked, ImmutableArray<int> Cuts, ImmutableArray<ulong> Faults)
{
    private static readonly string[] Typed =
    [
        "/v1/chat/completions", "/v1/chat/completions", "/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses", "/v1/messages", "/v1/images/generations", "/v1/audio/speech",
        "/v1/audio/transcriptions", "/v1/moderations", "/v1/rerank", "/v1/models", "/v1/models/gpt-4o", "/v1/files", "/v1/files/abc/content", "/v1/batches", "/v1/fine_tuning/jobs", "/v1/realtime",
    ];

    private static readonly string[] Others =
        ["/v1", "/v1/", "/v1//x", "/v1/proxy/a/b", "/v1/x?a=1", "/v1/a%2fb", "/v1/%2e%2e/x", "/v1/../x", "/v1/prompts/x", "/v1/configs", "/v1/..;/x", "/v1/\\..\\x", "/v1/x#y", "/v1/é", "/v1/{x}|\"", "/v1/chat/completions/", "/v1/chat/completions?x=1"];

    private static readonly string[] Types =
        ["application/json", "application/json", "application/json", "application/json; charset=utf-8", "application/vnd.x+json", "multipart/form-data; boundary=x", "audio/wav", "text/plain", "", "x", ";"];

    private static readonly string[] HeaderNames =
    [
        "x-portkey-provider", "x-portkey-config", "x-portkey-metadata", "x-portkey-trace-id", "traceparent", "x-portkey-api-key", "x-portkey-forward-headers", "x-portkey-virtual-key", "x-portkey-request-timeout",
        "Authorization", "api-key", "Accept", "Cookie", "TE", "X-Odd", "User-Agent", "Origin", "Upgrade", "Content-Encoding", "X-Forwarded-For",
    ];

    /// <summary>Hosts that answer on this machine or that no caller may name: nothing leaves it.</summary>
    private static readonly string[] Hosts = ["http://127.0.0.1:1", "http://10.0.0.1", "http://169.254.169.254/x", "ftp://x", "", "x", "http://user@127.0.0.1", "http://127.0.0.1:1/?a#b"];

    public bool IsHead => Method == "HEAD";

    public static RequestCase Create(Dice dice)
    {
        var method = dice.OneIn(3) ? dice.Pick("GET", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "PURGE", "POST") : "POST";
        var target = dice.OneIn(4) ? dice.Pick(Others) : dice.Pick(Typed);
        var body = method is "GET" or "HEAD" && !dice.OneIn(8) ? null : dice.OneIn(2) ? Chat(dice) : Bodies.Any(dice);
        return new RequestCase(method, Visible(target), MakeHeaders(dice), body, dice.OneIn(4), Inputs.Cuts.Choose(dice), [(ulong)dice.Below(1 << 30), (ulong)dice.Below(1 << 30)]);
    }

    public static IEnumerable<RequestCase> Smaller(RequestCase one) => Shrink.Each(
        Shrink.List(one.Cuts).Take(1).Select(cuts => one with { Cuts = cuts }),
        Shrink.List(one.Headers, header => Shrink.Text(header.Value).Select(value => (header.Name, value.Trim()))).Select(headers => one with { Headers = headers }),
        one.Body is null ? [] : Shrink.Bytes(one.Body).Select(body => one with { Body = body }),
        one.Faults.Select((_, i) => one with { Faults = one.Faults.SetItem(i, 0) }).Where(smaller => !smaller.Faults.SequenceEqual(one.Faults)));

    /// <summary>As it goes over the wire.</summary>
    public byte[] ToBytes()
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Method} {Target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        foreach (var (name, value) in Headers) head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        if (Body is null) return Encoding.UTF8.GetBytes(head.Append("\r\n").ToString());
        if (!IsChunked) return [.. Encoding.UTF8.GetBytes(head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n\r\n").ToString()), .. Body];
        byte[] chunk = Body.Length == 0 ? [] : [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Body.Length:x}\r\n")), .. Body, .. "\r\n"u8];
        return [.. Encoding.UTF8.GetBytes(head.Append("Transfer-Encoding: chunked\r\n\r\n").ToString()), .. chunk, .. "0\r\n\r\n"u8];
    }

    public override string ToString() => $"{Show.Bytes(ToBytes()).Replace("\\x0d\\x0a", "\n", StringComparison.Ordinal)}\nproviders answer {string.Join(" and ", Faults)}";

    private static ImmutableArray<(string, string)> MakeHeaders(Dice dice)
    {
        var headers = ImmutableArray.CreateBuilder<(string, string)>();
        headers.Add(("Authorization", "Bearer " + TestWorld.Key));
        if (dice.OneIn(2)) headers.Add(("x-portkey-provider", "p0"));
        else headers.Add(("x-portkey-config", Config(dice)));
        if (dice.OneIn(8)) headers.Add(("x-portkey-custom-host", dice.Pick(Hosts)));
        headers.Add(("Content-Type", dice.Pick(Types)));
        for (var i = dice.Size(4); i > 0; i--)
        {
            var name = dice.Pick(HeaderNames);

            // A protocol switch or a body in a coding is another conversation than the one that is read here.
            headers.Add((name, HeaderValues.Any(dice, "p0", "p1", "p2", "identity", "websocket")));
        }

        return headers.ToImmutable();
    }

    private static string Config(Dice dice)
    {
        var config = new ConfigGrammar(dice) { Providers = ["p0", "p1"], IsQuick = true }.Write();
        return HeaderValues.Clean(dice.OneIn(4) ? JsonMutator.Change(dice, Encoding.UTF8.GetBytes(config)) : Encoding.UTF8.GetBytes(config));
    }

    private static byte[] Chat(Dice dice)
    {
        var stream = dice.OneIn(2) ? ",\"stream\":true" : "";
        var body = Encoding.UTF8.GetBytes($$"""{"model":"{{dice.Pick("gpt-4o-mini", "p0/gpt-4o", "p1/x", "é", "a/b")}}","messages":[{"role":"user","content":"hi"}]{{stream}}}""");
        return dice.OneIn(6) ? JsonMutator.Change(dice, body) : body;
    }

    private static string Visible(string target) => string.Concat(target.Where(one => one is > ' ' and <= '~'));
}
