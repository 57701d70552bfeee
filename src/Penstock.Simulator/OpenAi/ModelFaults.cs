using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Penstock.Simulator.OpenAi;

/// <summary>
/// Faults that a plain client asks for by the name of the model. <c>NAME-N</c> counts events of a stream, of which the
/// first carries the role; times end in <c>ms</c>.
/// </summary>
internal sealed partial class ModelFaults
{
    private static readonly FrozenDictionary<string, Func<HttpReply, ReceivedRequest, HttpReply>> Names = new Dictionary<string, Func<HttpReply, ReceivedRequest, HttpReply>>
    {
        ["reset"] = static (_, _) => Reply.Reset(),
        ["close"] = static (_, _) => Reply.CloseWithoutAnswer(),
        ["close-on-reuse"] = static (reply, request) => request.NumberOnConnection > 1 ? Reply.CloseWithoutAnswer() : reply,
        ["stall"] = static (reply, _) => reply.HoldUntil(new TaskCompletionSource().Task),
        ["stall-body"] = static (reply, _) => reply.HoldBodyUntil(new TaskCompletionSource().Task),
        ["garbage"] = static (_, _) => Reply.Garbage(),
        ["huge-header"] = static (reply, _) => reply.WithHugeHeader(),
        ["early-hints"] = static (reply, _) => reply.AfterInformational(),
        ["html-502"] = static (_, _) => Reply.Html(),
        ["text-500"] = static (_, _) => Reply.Text("upstream connect error or disconnect/reset before headers", 500),
        ["empty-200"] = static (_, _) => Reply.Empty(),
        ["wrong-type"] = static (reply, _) => reply.WithHeader("content-type", "text/plain"),
        ["malformed-json"] = static (_, _) => Reply.Json("""{"id":"chatcmpl-broken","choices":[{"""),
        ["gzip"] = static (reply, _) => reply.Encoded("gzip"),
        ["deflate"] = static (reply, _) => reply.Encoded("deflate"),
        ["br"] = static (reply, _) => reply.Encoded("br"),
        ["gzip-truncated"] = static (reply, _) => reply.Encoded("gzip", isTruncated: true),
        ["empty-stream"] = static (reply, _) => reply.OnStream(static stream => stream.EndAfterEvents(0)),
        ["done-only"] = static (reply, _) => reply.OnStream(static stream => stream.EndAfterEvents(0) with { Terminal = stream.Terminal }),
        ["error-first"] = static (reply, _) => reply.OnStream(static stream => stream.WithErrorAt(0).EndAfterEvents(1)),
        ["no-done"] = static (reply, _) => reply.OnStream(static stream => stream.WithoutDone()),
        ["no-finish"] = static (reply, _) => reply.OnStream(static stream => stream.WithoutFinishReason()),
        ["no-end"] = static (reply, _) => reply.OnStream(static stream => stream.WithoutFinishReason().WithoutDone()),
        ["no-blank-line"] = static (reply, _) => reply.OnStream(static stream => stream.WithoutFinalBlankLine()),
        ["malformed-event"] = static (reply, _) => reply.OnStream(static stream => stream.WithMalformedAt(2)),
        ["crlf"] = static (reply, _) => reply.OnStream(static stream => stream.WithLineEnd("\r\n")),
        ["cr"] = static (reply, _) => reply.OnStream(static stream => stream.WithLineEnd("\r")),
        ["pings"] = static (reply, _) => reply.OnStream(static stream => stream.WithComments()),
        ["every-byte"] = static (reply, _) => reply.OnStream(static stream => stream.WrittenBy(SseWrites.Byte)),
        ["every-line"] = static (reply, _) => reply.OnStream(static stream => stream.WrittenBy(SseWrites.Line)),
        ["burst"] = static (reply, _) => reply.OnStream(static stream => stream.WrittenBy(SseWrites.Burst)),
    }.ToFrozenDictionary();

    private readonly ConcurrentDictionary<string, int> _counts = new();

    /// <summary>Whether the name asks for a fault: such models are always there.</summary>
    public static bool Knows(string model) =>
        Names.ContainsKey(model) || FailPattern().IsMatch(model) || TimePattern().IsMatch(model) || CountPattern().IsMatch(model);

    /// <param name="reply">What the answer would be without the fault.</param>
    public HttpReply Apply(ReceivedRequest request, string? model, HttpReply reply)
    {
        if (model is null) return reply;
        if (FailPattern().Match(model) is { Success: true } fail) return Fail(model, fail, reply);
        if (TimePattern().Match(model) is { Success: true } time)
        {
            var span = TimeSpan.FromMilliseconds(Number(time, "ms"));
            return time.Groups["name"].Value switch
            {
                "slow" => reply.After(span),
                "slow-first" => reply.BodyAfter(span),
                _ => reply.OnStream(stream => stream.Every(span)),
            };
        }

        return CountPattern().Match(model) is { Success: true } counted ? Break(counted, reply) : Names.TryGetValue(model, out var named) ? named(reply, request) : reply;
    }

    private static HttpReply Break(Match match, HttpReply reply)
    {
        var count = Number(match, "count");
        if (reply is not SseReply stream)
        {
            return match.Groups["name"].Value switch
            {
                "cut" => reply.CloseAfterBytes(count),
                "reset" => reply.ResetAfterBytes(count),
                _ => reply,
            };
        }

        return match.Groups["name"].Value switch
        {
            "cut" => stream.CloseAfterEvents(count),
            "reset" => stream.ResetAfterEvents(count),
            "stall" => stream.StallAfterEvents(count),
            "end" => stream.EndAfterEvents(count),
            "malformed" => stream.WithMalformedAt(count),
            _ => stream.WithErrorAt(count).EndAfterEvents(count + 1),
        };
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("^fail-(?<status>[1-9][0-9]{2})(-retry-(?<after>[0-9]+))?(-retry-ms-(?<ms>[0-9]+))?(-times-(?<times>[0-9]+))?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FailPattern();

    [GeneratedRegex("^(?<name>slow|slow-first|paced)-(?<ms>[0-9]{1,8})ms$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TimePattern();

    [GeneratedRegex("^(?<name>cut|reset|stall|end|malformed|error)-after-(?<count>[0-9]{1,8})$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex CountPattern();

    private HttpReply Fail(string model, Match match, HttpReply reply)
    {
        if (match.Groups["times"].Success && _counts.AddOrUpdate(model, 1, static (_, count) => count + 1) > Number(match, "times")) return reply;
        var failure = Reply.Status(Number(match, "status"));
        if (match.Groups["after"].Success) failure = failure.RetryAfter(match.Groups["after"].Value);
        return match.Groups["ms"].Success ? failure.RetryAfterMs(Number(match, "ms")) : failure;
    }
}
